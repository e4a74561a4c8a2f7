import type { ValueType } from "@packages/cli-kit/values";

/** AWS accounts by environment. */
export type Accounts = Readonly<Record<string, string>>;

/** `dev=471112345678,prod=571112345678` */
export const accountsType: ValueType<Accounts> = {
  placeholder: "NAME=ACCOUNT,…",
  allowed: "environments with account ids of 12 digits, such as dev=471112345678,prod=571112345678",
  read: (text) => {
    const pairs = text.split(",").map((pair) => /^([a-z][a-z0-9]*)=(\d{12})$/.exec(pair.trim()));
    if (pairs.some((pair) => pair === null)) return undefined;
    return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
  },
};
