import { targetOf } from "../../../cli/lib/target";
import { settingsOf } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

test("an environment's name means its stack", () => {
  expect(targetOf("staging", testEnvironments)).toMatchObject({
    stack: "streamflow-staging",
    foundation: false,
  });
});

test.each([
  ["foundation-dev", undefined],
  ["dev", true],
])("%s with --foundation %s means the foundation of its account", (name, foundation) => {
  expect(targetOf(name, testEnvironments, foundation)).toMatchObject({
    stack: `streamflow-foundation-${settingsOf("dev").account}`,
    name: "foundation-dev",
    foundation: true,
  });
});

test("environments that share an account share its foundation", () => {
  const dev = settingsOf("dev");
  const together = [dev, { ...dev, name: "test", domain: "test.streamflow.com" }];
  for (const name of ["dev", "test"]) {
    expect(targetOf(name, together, true)).toMatchObject({
      stack: `streamflow-foundation-${dev.account}`,
      settings: { name },
    });
  }
});

test("an unknown name is refused with those there are", () => {
  expect(() => targetOf("qa", testEnvironments)).toThrow(
    'no environment is called "qa": stacks/environments.ts has dev, staging, prod',
  );
});
