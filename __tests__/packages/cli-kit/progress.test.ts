import { Writable } from "node:stream";
import { duration, Steps } from "../../../packages/cli-kit/progress";

class Screen extends Writable {
  text = "";
  columns = 60;
  constructor(readonly isTTY: boolean) {
    super();
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function aStep(screen: Screen): Promise<void> {
  const steps = new Steps(screen);
  let finish: (text: string) => void = () => undefined;
  const step = steps.run(
    "terraform apply",
    (status) => {
      status(() => "3 of 9, waiting for aws_db_instance.database (40 s) and 2 more");
      return new Promise<string>((resolve) => (finish = resolve));
    },
    (text) => text,
  );
  await jest.advanceTimersByTimeAsync(40_000);
  finish("9 added");
  await step;
  steps.end();
}

describe("steps", () => {
  it("rewrite one line of a terminal, no longer than the terminal, and leave the outcome", async () => {
    const screen = new Screen(true);
    await aStep(screen);
    const lines = screen.text.split("\r\u001b[K");
    expect(lines.length).toBeGreaterThan(30);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
    expect(lines.at(-2)).toBe("… terraform apply, 40 s, 3 of 9, waiting for aws_db_instanc");
    expect(lines.at(-1)).toBe("terraform apply: 9 added (40 s)\n");
  });

  it("print a line every 15 s where there is no terminal", async () => {
    const screen = new Screen(false);
    await aStep(screen);
    expect(screen.text.split("\n")).toEqual([
      "… terraform apply, 15 s, 3 of 9, waiting for aws_db_instance.database (40 s) and 2 more",
      "… terraform apply, 30 s, 3 of 9, waiting for aws_db_instance.database (40 s) and 2 more",
      "terraform apply: 9 added (40 s)",
      "",
    ]);
  });

  it.each([
    [340, "0.3 s"],
    [42_400, "42 s"],
    [191_000, "3 min 11 s"],
  ])("write %d ms as %s", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
