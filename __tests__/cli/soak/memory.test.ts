import { memoryLines } from "../../../cli/soak/memory";

const samplesOf = (programs: Readonly<Record<string, readonly number[]>>) =>
  Array.from(
    { length: 9 },
    (_, index) =>
      new Map(
        Object.entries(programs).map(([name, values]) => [
          name,
          { processes: 2, largestMiB: values[index] ?? NaN },
        ]),
      ),
  );
const flat = [100, 180, 100, 100, 170, 101, 102, 190, 103];
const growing = [100, 110, 120, 130, 140, 150, 160, 170, 180];

it.each([
  ["node runtime.js", flat, []],
  ["node runtime.js", growing, ["the memory of the largest node runtime.js grew from 130 to 160 MiB"]],
  // It keeps objects and logs in memory.
  ["python3", growing, []],
  // A few megabytes are no growth.
  ["redis-server", [5, 5, 5, 5, 5, 5, 9, 9, 9], []],
])("finds whether the memory of %s grew", (name, values, expected) => {
  const faults: string[] = [];
  const [line] = memoryLines(samplesOf({ [name]: values }), { fault: (text) => void faults.push(text) });
  expect(faults).toEqual(expected);
  expect(line).toMatch(
    new RegExp(
      `^memory of the largest ${name}: \\d+, \\d+, \\d+ MiB at least in each third; 2, 2, 2 processes`,
    ),
  );
  // The report says whose memory may grow, and why.
  expect(line?.includes("; not bounded, because")).toBe(name === "python3");
});

it("leaves out programs that come and go, such as encoders", () => {
  const samples = samplesOf({ postgres: flat });
  samples[3]?.set("ffmpeg", { processes: 1, largestMiB: 300 });
  expect(memoryLines(samples, { fault: () => undefined })).toHaveLength(1);
});
