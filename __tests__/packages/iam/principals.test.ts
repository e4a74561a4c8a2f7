import { accountOf } from "../../../packages/iam/principals";

test("an account is read from an ARN or from its number, and from nothing else", () => {
  expect(accountOf("AWS:111122223333")).toBe("111122223333");
  expect(accountOf("AWS:arn:aws:iam::111122223333:root")).toBe("111122223333");
  expect(accountOf("AWS:arn:aws-cn:sts::111122223333:assumed-role/a/b")).toBe("111122223333");
  expect(accountOf("111122223333")).toBe("111122223333");
  expect(accountOf("Service:s3.amazonaws.com")).toBeUndefined();
  expect(accountOf("Federated:arn:aws:iam::111122223333:oidc-provider/token")).toBeUndefined();
  expect(accountOf(undefined)).toBeUndefined();
  expect(accountOf("AWS:(known after apply)")).toBeUndefined();
});
