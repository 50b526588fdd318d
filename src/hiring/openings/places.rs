//! Countries by their two letters, and currencies by their three.

/// Each line: the code of ISO 3166, and a name.
const COUNTRIES: &str = include_str!("countries.txt");

/// ISO 4217, those that wages are paid in.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD \
    CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG \
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK \
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD \
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND \
    VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// By their names.
pub fn countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    COUNTRIES.lines().filter_map(|line| line.split_once(' '))
}

pub fn country(code: &str) -> Option<&'static str> {
    countries().find(|(known, _)| *known == code).map(|(_, name)| name)
}

pub fn currencies() -> impl Iterator<Item = &'static str> {
    CURRENCIES.split_whitespace()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_have_their_letters_and_stand_once() {
        let codes: Vec<&str> = countries().map(|(code, _)| code).collect();
        let well_formed = |code: &&str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        assert_eq!(codes.len(), COUNTRIES.lines().count());
        assert_eq!(codes.len(), 249);
        assert!(codes.iter().all(well_formed));
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert!(currencies().all(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())));
        assert_eq!(currencies().collect::<BTreeSet<_>>().len(), currencies().count());
    }

    #[test]
    fn countries_are_found_by_their_letters() {
        assert_eq!(country("PT"), Some("Portugal"));
        assert_eq!(country("pt"), None);
        assert_eq!(country(""), None);
    }
}
