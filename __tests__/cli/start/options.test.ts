import { OptionError, parseOptions, usage } from "../../../cli/start/options";

describe("the options of npm start", () => {
  it("are none by default: the dev environment, kept", () => {
    expect(parseOptions([])).toEqual({
      stack: "streamflow-dev",
      once: false,
      fresh: false,
      help: false,
      name: "start",
    });
  });

  it("are what the help lists", () => {
    expect(parseOptions(["--once", "--fresh", "--stack", "streamflow-prod", "-h", "--name", "mine"])).toEqual(
      {
        stack: "streamflow-prod",
        once: true,
        fresh: true,
        help: true,
        name: "mine",
      },
    );
    for (const option of ["--once", "--fresh", "--stack", "--name", "--help"])
      expect(usage).toContain(option);
  });

  it("keep --once apart from what is kept", () => {
    expect(parseOptions(["--once"]).name).toBe("once");
  });

  it.each([
    [["--onec"], /^Unknown option '--onec'; npm start -- --help lists the options$/],
    [["deploy"], /^Unexpected argument 'deploy'/],
    [["--stack"], /argument missing/],
    [["--stack", "../x"], /^--stack must be a name, got "\.\.\/x"; npm start -- --help/],
  ])("fails for %j with one line", (args, message) => {
    expect(() => parseOptions(args)).toThrow(OptionError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
