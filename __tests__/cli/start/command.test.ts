import "../../support/with-test-environments";
import { environmentNames } from "../../../cli/lib/environment";
import { start } from "../../../cli/start/command";

describe("the command line of npm start", () => {
  it("is dev and a persistent run when it is empty", () => {
    expect(start.parse([])).toEqual({ environment: "dev", once: false, fresh: false, name: undefined });
  });

  it("names an environment as every other command does", () => {
    const args = ["staging", "--once", "--fresh", "--name", "mine"];
    expect(start.parse(args)).toEqual({ environment: "staging", once: true, fresh: true, name: "mine" });
  });

  it.each([
    [["--onec"], "npm start: unknown option --onec (did you mean --once?)"],
    [
      ["stagin"],
      `ENVIRONMENT must be one of ${environmentNames.join(", ")}, got "stagin" (did you mean staging?)`,
    ],
    [["--name"], "--name needs a value"],
    [["--name", "../x"], '--name must be lower-case letters, digits and hyphens, such as mine, got "../x"'],
    [["--stack", "streamflow-dev"], "unknown option --stack"],
  ])("fails for %j with one line", (args, message) => {
    expect(() => start.parse(args)).toThrow(message);
    expect(() => start.parse(args)).toThrow(/^[^\n]*; see npm start -- --help$/);
  });
});
