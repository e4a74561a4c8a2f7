import { changeOf, readLoudness } from "../../../handlers/processor/loudness";

/** As ffmpeg 5 and 7 write it. */
const summary = (lufs: string, peak: string): string => `
[Parsed_ebur128_3 @ 0x55] Summary:

  Integrated loudness:
    I:         ${lufs} LUFS
    Threshold: -33.5 LUFS

  Loudness range:
    LRA:         4.1 LU
    Threshold: -43.5 LUFS
    LRA low:   -27.0 LUFS
    LRA high:  -22.9 LUFS

  True peak:
    Peak:       ${peak} dBFS
`;

it("reads the loudness and the peak of a sound", () => {
  expect(readLoudness(summary("-23.4", "-3.1"))).toEqual({ lufs: -23.4, peakDb: -3.1 });
  expect(readLoudness(summary("-70.0", "-inf"))).toBeUndefined();
  expect(readLoudness(`${summary("-70.0", "-inf")}${summary("-20.0", "-1.0")}`)).toEqual({
    lufs: -20,
    peakDb: -1,
  });
  expect(readLoudness("Conversion failed!")).toBeUndefined();
});

it.each([
  ["a quiet sound with room above it", { lufs: -23, peakDb: -12 }, { gainDb: 7, limitDb: undefined }],
  ["a quiet sound with loud peaks", { lufs: -23, peakDb: -3 }, { gainDb: 7, limitDb: -1.5 }],
  ["a sound that is too loud", { lufs: -9, peakDb: 0 }, { gainDb: -7, limitDb: undefined }],
  ["noise, which stays quiet", { lufs: -55, peakDb: -40 }, { gainDb: 20, limitDb: undefined }],
  ["silence", { lufs: -70, peakDb: -90 }, undefined],
  ["a sound that was not measured", undefined, undefined],
])("changes %s", (_, measured, change) => {
  expect(changeOf(measured, -16)).toEqual(change);
});
