/** Account ids in the sample settings, which belong to no one. */
export const SAMPLE_ACCOUNTS: readonly string[] = ["111111111111", "222222222222", "333333333333"];

/** Repository in the sample settings. Roles of a real account must not trust its workflows. */
export const SAMPLE_REPOSITORY = "streamflow/infrastructure";

/** Domain of the addresses in the sample settings. Alarms and costs of a real account must not go there. */
export const SAMPLE_MAIL_DOMAIN = "@streamflow.com";

/**
 * Public key for trying the product without an AWS account. Its private key is public in this repository, so settings
 * of real accounts must not use it.
 */
export const SAMPLE_PLAYBACK_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA+Ut7UrcltNOlBT7FxpjY
+8WtDVEBcBLhdkNv0x9NqhAwrBB3OSUSm71A+Ul0N06jz1tQfP+3l3mihjW8YffN
kiIoUUGSHoqXSQep0Nxi5UA5RVDTPquqY0xJAVtDnV6tSat6YFzigpVegMXAvi8J
BmtdAWMIGhLL+nt2iGr+nus//+pqrFU92a1b2bDP/xTtGAkX95ZWrV3ICoEdY/Op
5OrmqcQe2DLHTH1+JFYVzWKyWOXw4vH332FX5NoaryDxpF6xgGNNw9UxYAKpHb/P
2Y66U0WtubmePlrTTq4FKjIp/GoqBO96PC6TfCIk6nPfJ9fRbvyWuzhFrp0uE+kd
swIDAQAB
-----END PUBLIC KEY-----
`;
