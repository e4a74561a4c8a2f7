import { targetOf } from "../../../cli/lib/target";
import { settingsOf } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

test("an environment's name means its stack", () => {
  expect(targetOf("staging", testEnvironments)).toMatchObject({
    stack: "streamflow-staging",
    foundation: false,
  });
});

test("an environment's name with foundation- before it means the foundation of its account", () => {
  expect(targetOf("foundation-dev", testEnvironments)).toMatchObject({
    stack: `streamflow-foundation-${settingsOf("dev").account}`,
    name: "foundation-dev",
    foundation: true,
  });
});

test("environments that share an account share its foundation", () => {
  const dev = settingsOf("dev");
  const together = [dev, { ...dev, name: "test", domain: "test.streamflow.com" }];
  for (const name of ["dev", "test"]) {
    expect(targetOf(`foundation-${name}`, together)).toMatchObject({
      stack: `streamflow-foundation-${dev.account}`,
      settings: { name },
    });
  }
});

test("the name of a pull request means an environment made from the one that has pullRequests", () => {
  const dev = { ...settingsOf("dev"), pullRequests: { most: 2, expireAfterDays: 3 } };
  expect(targetOf("pr-123", [dev])).toMatchObject({
    stack: "streamflow-pr-123",
    settings: { name: "pr-123", account: dev.account },
    foundation: false,
  });
  expect(() => targetOf("pr-123", testEnvironments)).toThrow(
    "pr-123 needs an environment to be made from: set pullRequests in one of stacks/environments.ts",
  );
  expect(() => targetOf("foundation-pr-123", [dev])).toThrow('no environment is called "pr-123"');
});

test("an unknown name is rejected with the known ones", () => {
  expect(() => targetOf("qa", testEnvironments)).toThrow(
    'no environment is called "qa": stacks/environments.ts has dev, staging, prod',
  );
});
