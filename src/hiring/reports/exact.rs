//! Fisher's exact test on a table of two by two: how often chance alone brings so unequal a result.

/// From here on the series is exact to the last digit of a float.
const SMALL: u64 = 256;
/// Tables that are as likely as the one that was seen, but for rounding, count as that.
const SLACK: f64 = 1e-7;

/// Two-sided: the probability of all tables with the same sums that are no likelier than this one. Of each pair, the first
/// went on, and the second did not.
pub fn two_sided((a, b): (u64, u64), (c, d): (u64, u64)) -> f64 {
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    if row == 0 || row == all || column == 0 || column == all {
        return 1.0;
    }
    let constant = ln_choose(all, column);
    let ln_of = |x: u64| ln_choose(row, x) + ln_choose(all - row, column - x) - constant;
    let seen = ln_of(a) + SLACK;
    let (least, most) = (column.saturating_sub(all - row), row.min(column));
    let unlikely = (least..=most).map(ln_of).filter(|ln| *ln <= seen);
    unlikely.map(f64::exp).sum::<f64>().min(1.0)
}

fn ln_choose(n: u64, k: u64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

fn ln_factorial(n: u64) -> f64 {
    if n < SMALL {
        return (2..=n).map(|k| (k as f64).ln()).sum();
    }
    // Stirling's series
    let n = n as f64;
    let rest = 1.0 / (12.0 * n) - 1.0 / (360.0 * n.powi(3));
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_what_exact_arithmetic_gives() {
        let known = [
            ((3, 1), (1, 3), 0.485_714_285_714_285_7),
            ((1, 9), (11, 3), 0.002_759_456_185_220_083_6),
            ((8, 2), (1, 5), 0.034_965_034_965_034_97),
            ((30, 12), (20, 22), 0.044_706_694_781_329_33),
            ((48, 52), (34, 66), 0.061_318_371_613_165_13),
            ((5, 0), (1, 4), 0.047_619_047_619_047_616),
            ((1_000, 9_000), (1_100, 8_900), 0.022_378_874_800_480_158),
        ];
        for (one, other, p) in known {
            for found in [two_sided(one, other), two_sided(other, one)] {
                assert!(
                    (found - p).abs() < 1e-9 * p.max(1e-3),
                    "{one:?} {other:?}: {found}, not {p}"
                );
            }
        }
    }

    #[test]
    fn where_nothing_can_differ_it_says_so() {
        for (one, other) in [((0, 0), (3, 4)), ((0, 10), (0, 10)), ((5, 0), (7, 0)), ((0, 0), (0, 0))] {
            assert_eq!(two_sided(one, other), 1.0);
        }
    }

    #[test]
    fn large_numbers_stay_probabilities() {
        let p = two_sided((60_000, 40_000), (59_500, 40_500));
        assert!((0.02..0.025).contains(&p), "{p}");
        assert!(two_sided((90_000, 10_000), (10_000, 90_000)) < 1e-300);
        assert!(two_sided((50_000, 50_000), (50_000, 50_000)) > 0.999);
    }
}
