use super::*;

/// The secret and the times of RFC 6238, appendix B; of its eight digits, the last six.
#[test]
fn codes_are_those_of_the_standard() {
    let key = Key(Secret::from(*b"12345678901234567890").to_base32());
    for (seconds, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(key.code(Timestamp(seconds * 1_000_000)).as_deref(), Some(code));
    }
}

#[test]
fn clocks_may_be_one_step_apart_and_no_more() {
    let key = Key(Secret::from(*b"12345678901234567890").to_base32());
    let at = |seconds: i64| Timestamp(seconds * 1_000_000);
    let code = key.code(at(3_000)).unwrap();
    for (seconds, step) in [
        (2_969, None),
        (2_970, Some(100)),
        (3_000, Some(100)),
        (3_059, Some(100)),
        (3_060, None),
    ] {
        assert_eq!(key.step_of(&code, at(seconds)), step, "{seconds}");
    }
    assert_eq!(
        key.step_of(&format!(" {} {} ", &code[..3], &code[3..]), at(3_000)),
        Some(100)
    );
    for wrong in ["", "12345", "1234567", "+12345", "١٢٣٤٥٦", "abcdef"] {
        assert_eq!(key.step_of(wrong, at(3_000)), None, "{wrong}");
    }
}

#[test]
fn a_recovery_code_is_the_same_however_it_is_typed() {
    let owner = Uuid::from_u128(1);
    let hash = hash_of("10ab-cdef-ghjk-mnpq", owner);
    assert_eq!(hash_of(" LOAB CDEF ghjkmnpq", owner), hash);
    assert_ne!(hash_of("10ab-cdef-ghjk-mnpr", owner), hash);
    assert_ne!(hash_of("10ab-cdef-ghjk-mnpq", Uuid::from_u128(2)), hash);
}

#[test]
fn an_address_holds_what_an_app_needs() {
    let key = Key("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".into());
    assert_eq!(key.groups(), "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567");
    assert_eq!(
        key.address("a+b@mail.example"),
        "otpauth://totp/Halfopen:a%2Bb%40mail.example?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Halfopen&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(format!("{key:?}"), "Key");
}
