import { isShort, PacketLengths } from "../../../handlers/processor/lengths";

function lengthsOf(lines: readonly string[]) {
  const packets = new PacketLengths();
  lines.forEach(packets.line);
  return packets.lengths(1);
}
const header = ["#software: Lavf", "#tb 0: 1/1000", "#media_type 0: video", "#tb 1: 1/48000"];

it("counts from the first packet to the end of the last one, in the order of their times", () => {
  const { video, sounds, seconds } = lengthsOf([
    ...header,
    "0,         40,         40,       40,    15493, 0x45c173ea",
    "1,          0,          0,     1024,        3, 0x05e402f5",
    "0,         80,        160,       40,       20, 0x45c173ea, F=0x0",
    "0,        120,        120,       40,       20, 0x45c173ea, F=0x0",
    "1,      96000,      96000,     1024,        3, 0x05e402f5",
  ]);
  expect(video).toEqual({ packets: 3, start: 0.04, end: 0.2 });
  expect(sounds).toEqual([{ packets: 2, start: 0, end: seconds }]);
  expect(seconds).toBeCloseTo(2 + 1_024 / 48_000, 6);
});

it("ignores unknown times", () => {
  const unknown = "-9223372036854775808";
  const { video } = lengthsOf([
    ...header,
    `0, 500, ${unknown}, 40, 1, 0x0`,
    `0, ${unknown}, ${unknown}, 40, 1, 0x0`,
  ]);
  expect(video).toEqual({ packets: 1, start: 0.5, end: 0.54 });
});

it("counts nothing where there is nothing", () =>
  expect(lengthsOf(header)).toEqual({
    video: { packets: 0, start: 0, end: 0 },
    sounds: [undefined],
    seconds: 0,
  }));

it("finds a part missing only if more than a second is", () => {
  expect(isShort({ seconds: 18.4, promisedSeconds: 20 })).toBe(true);
  expect(isShort({ seconds: 19.2, promisedSeconds: 20 })).toBe(false);
});
