import type { CertificateDetail } from "@aws-sdk/client-acm";
import { type Check, findingsOf, isComplete, report } from "../../../cli/doctor/finding";
import { certificateAnswer, delegationAnswer } from "../../../cli/doctor/certificate-checks";
import { subscriptionAnswer } from "../../../cli/doctor/subscription-checks";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { quotaAnswer, quotaChecks, quotasOf } from "../../../cli/doctor/quota-checks";
import { settingsOf } from "../../support/synth";

const there: Check = { name: "bucket", ask: () => Promise.resolve("state-of-tests") };
const gone: Check = {
  name: "image",
  ask: () => Promise.resolve({ missing: "the registry has none", remedy: "npm run image -- dev" }),
};
const silent: Check = {
  name: "quota",
  ask: () => Promise.reject(Object.assign(new Error("not authorized\nat x"), { name: "AccessDenied" })),
};

afterEach(() => jest.restoreAllMocks());

test("a line says what is there, what is missing and what mends it, and what could not be asked", async () => {
  const findings = await findingsOf([there, gone, silent]);
  expect(report(findings, "dev")).toEqual([
    "ok       bucket  state-of-tests",
    "MISSING  image   the registry has none: npm run image -- dev",
    "?        quota   can't be asked: AccessDenied: not authorized",
    "dev lacks 1 of 3; 1 could not be asked",
  ]);
  expect(isComplete(findings)).toBe(false);
});

test("an environment is complete although a question was not answered", async () => {
  const findings = await findingsOf([there, silent]);
  expect(isComplete(findings)).toBe(true);
  expect(report(findings, "dev").at(-1)).toBe("dev is complete; 1 could not be asked");
});

test("the quotas that an environment needs follow from its sizes", () => {
  const of = (name: string) => quotasOf(settingsOf(name)).map(({ code, needed }) => `${code} ${needed}`);
  // Fargate Spot, 10 tasks with a quarter of a vCPU; no NAT
  expect(of("dev")).toEqual(["L-36FBB829 3", "L-F678F1CE 1", "L-CF0D4FC5 3", "L-B99A9384 100"]);
  // on demand, 10 tasks with 4 vCPUs; a NAT gateway in each of two zones
  expect(of("prod")).toEqual([
    "L-3032A538 40",
    "L-F678F1CE 1",
    "L-0263D0A3 2",
    "L-CF0D4FC5 3",
    "L-B99A9384 100",
  ]);
  // six environments of pull requests beside dev: 21 policies are more than the 20 of an account
  const [, vpcs, policies] = quotasOf({
    ...settingsOf("dev"),
    pullRequests: { most: 6, expireAfterDays: 7 },
  });
  expect([vpcs?.needed, policies?.needed]).toEqual([7, 21]);
  if (policies === undefined) throw new Error("dev needs no policies");
  expect(quotaAnswer(policies, { value: 20, used: 0 })).toEqual({
    missing: "20 policies, of which others use 0, 21 needed",
    remedy: expect.stringMatching(/--quota-code L-CF0D4FC5 --desired-value 21 --region us-east-1$/),
  });
});

test("a quota without a value could not be asked, and is not 0", async () => {
  jest.spyOn(ServiceQuotasClient.prototype, "send").mockImplementation(() => ({ Quota: {} }));
  const [fargate] = quotaChecks(settingsOf("dev"), { region: "us-east-1" });
  if (fargate === undefined) throw new Error("dev needs no quota");
  const lines = report(await findingsOf([fargate]), "dev");
  expect(lines[0]).toMatch(
    /Fargate vCPUs +can't be asked: Error: Service Quotas has no value of fargate L-36FBB829$/,
  );
});

test("a quota must leave what the environment needs beside what others use, and the remedy asks for as much", () => {
  const [, , addresses] = quotasOf(settingsOf("prod"));
  if (addresses === undefined) throw new Error("prod needs no addresses");
  expect(quotaAnswer(addresses, { value: 5, used: 3 })).toBe("5 addresses, of which others use 3, 2 needed");
  expect(quotaAnswer(addresses, { value: 5, used: 4 })).toEqual({
    missing: "5 addresses, of which others use 4, 2 needed",
    remedy:
      "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value 6",
  });
});

describe("a certificate of the settings", () => {
  const wanted = { arn: "arn:mine", host: "video.example.com", path: "dev.dns.edgeCertificateArn" };
  const issued: CertificateDetail = {
    DomainName: "example.com",
    SubjectAlternativeNames: ["*.example.com"],
    Status: "ISSUED",
  };

  test("is right if it is issued and covers the host", () => {
    expect(certificateAnswer(issued, wanted)).toBe("example.com, *.example.com");
  });

  test.each([
    ["the account does not have", undefined, "there is no certificate arn:mine"],
    ["is not validated", { ...issued, Status: "PENDING_VALIDATION" }, "is PENDING_VALIDATION"],
    ["has expired", { ...issued, Status: "EXPIRED" }, "is EXPIRED"],
    [
      "covers another host",
      { ...issued, SubjectAlternativeNames: ["*.video.example.com"] },
      "does not cover video.example.com",
    ],
  ] satisfies [string, CertificateDetail | undefined, string][])(
    "is missing if %s it",
    (_, found, missing) => {
      expect(certificateAnswer(found, wanted)).toEqual({
        missing: expect.stringContaining(missing),
        remedy: expect.any(String),
      });
    },
  );
});

describe("the delegation of a hosted zone", () => {
  const own = ["ns-1.awsdns.com", "ns-2.awsdns.net"];
  test("is right if the public DNS has one of its name servers", () => {
    expect(delegationAnswer("example.com", { own, public: ["ns-2.awsdns.net"] })).toContain("example.com");
  });

  test.each([
    ["none", [], "no name servers"],
    ["those of another zone", ["ns-9.awsdns.org"], "ns-9.awsdns.org"],
  ])("is missing if it has %s", (_, servers, text) => {
    expect(delegationAnswer("example.com", { own, public: servers })).toEqual({
      missing: expect.stringContaining(`the public DNS has ${text} for example.com`),
      remedy: expect.stringContaining("ns-1.awsdns.com, ns-2.awsdns.net"),
    });
  });
});

describe("the e-mails of alarms", () => {
  const subscription = {
    Protocol: "email",
    Endpoint: "a@b.co",
    TopicArn: "arn:t",
    SubscriptionArn: "arn:t:1",
  };

  test("are right if all are confirmed, whatever others subscribe", () => {
    const others = [
      { ...subscription, Endpoint: "c@d.co", SubscriptionArn: "PendingConfirmation" },
      { ...subscription, Protocol: "https", SubscriptionArn: "PendingConfirmation" },
    ];
    expect(subscriptionAnswer([subscription, ...others], ["a@b.co"])).toBe("a@b.co confirmed");
  });

  test("are missing if one is not confirmed", () => {
    const pending = { ...subscription, SubscriptionArn: "PendingConfirmation" };
    expect(subscriptionAnswer([pending, { ...pending, TopicArn: "arn:u" }], ["a@b.co"])).toEqual({
      missing: "a@b.co has not confirmed the subscription, and gets no alarm",
      remedy: expect.stringContaining(
        "aws sns subscribe --topic-arn arn:t --protocol email --notification-endpoint a@b.co",
      ),
    });
  });
});
