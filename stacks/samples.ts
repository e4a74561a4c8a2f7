/** Account ids of the settings as they come: nobody's. */
export const SAMPLE_ACCOUNTS: readonly string[] = ["111111111111", "222222222222", "333333333333"];

/**
 * Public half of a key for those who try the product without an AWS account. Nobody who reads this knows who has
 * its private half, so settings of any other account may not use it.
 */
export const SAMPLE_PLAYBACK_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy6TtEZYdgitNbfEyV784
oPhnPtzMo+vr1djy+vE1x6LJkqqKltiVz7g6Rz9B/rrqMQfSmB0Mmon/RVU/CA7Q
Fr6lf/ADVAqIvBq25ZQEAgPMhv/rhxHHX1QDehgW9v0ESZqX7pPSIjMq6MFfvX5e
BOdo2Z6X2FfBLNpcfLqbObqOtKFsFiWyhHrKKNLFk1Yqd/h8hh8g+kqO8ztmlXBf
2rgpPiLFQJpS7QzilHiSFZtlNdWlh3wYEARmLM7PW8X8HqKnFrR5mdNrdixc9b4M
l7DeI55vPVNlWVBtXeEvxXd8CTu9aMX6WoLIah/gTvfagU+QrBbno3BARlL0KZXV
JQIDAQAB
-----END PUBLIC KEY-----
`;
