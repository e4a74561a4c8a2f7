import { about, type CorpusCase } from "../corpus-case";
import { withTexts } from "../source-bytes";
import { AAC, beeps, colour, flashes, lavfi, marked, X264 } from "../source-folder";

const IN_SYNC = [-0.05, 0.05] as const;

/** Sound that is late, empty, unknown, or in several tracks. */
export const SOUND_CASES: readonly CorpusCase[] = [
  {
    name: "audio-default-second",
    about: "The second sound is marked as the default; the first is silent.",
    extension: "mkv",
    reports: ["Chocobozzz/PeerTube#939"],
    make: (folder) =>
      folder.make(
        ...[
          ...lavfi(flashes({ seconds: 6 })),
          ...lavfi("anullsrc=r=48000:cl=stereo:d=6"),
          ...lavfi(beeps(6)),
        ],
        ...["-map", "0:v", "-map", "1:a", "-map", "2:a", ...X264, ...AAC],
        ...["-disposition:a:0", "0", "-disposition:a:1", "default"],
        ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=por"],
      ),
    expected: {
      outcome: "ready",
      seconds: about(6),
      soundTracks: 2,
      soundLanguages: ["pt", "en"],
      syncOffset: IN_SYNC,
    },
  },
  {
    name: "audio-empty-track",
    about: "A muted microphone left a track of sound without one packet.",
    extension: "webm",
    reports: ["CasparCG/server#234", "immich-app/immich#15765"],
    make: (folder) => {
      const whole = folder.part("b.mkv", ...marked({ seconds: 8 }).slice(0, -4), "-c:a", "libopus");
      folder.make("-i", whole, "-c", "copy", "-bsf:a", "noise=drop=1", "-f", "matroska");
    },
    expected: { outcome: "ready", seconds: about(8), soundTracks: 0 },
  },
  {
    name: "audio-first-unknown",
    about: "The first sound has an unknown codec, the second can be decoded.",
    extension: "mp4",
    reports: ["immich-app/immich#30511", "protonemedia/laravel-ffmpeg#538"],
    make: (folder) => {
      const inputs = [...lavfi(flashes({ seconds: 6 })), ...lavfi(beeps(6))];
      const mp4 = folder.bytes(
        "b.mp4",
        ...inputs,
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-map",
        "1:a",
        ...X264,
        ...AAC,
      );
      folder.write(withTexts(mp4, { mp4a: "apac", esds: "dapa" }));
    },
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "audio-only-unknown",
    about: "The only sound has an unknown codec.",
    extension: "mp4",
    make: (folder) =>
      folder.write(
        withTexts(folder.bytes("b.mp4", ...marked({ seconds: 3 })), { mp4a: "apac", esds: "dapa" }),
      ),
    expected: { outcome: "ready", seconds: about(3), soundTracks: 0 },
  },
  {
    name: "audio-late-90s",
    about: "The sound begins after 90 s and 90 MB of an uncompressed picture.",
    extension: "mkv",
    reports: ["jellyfin/jellyfin#3090", "jellyfin/jellyfin#3960"],
    make: (folder) =>
      folder.make(
        ...lavfi(flashes({ size: "480x270", rate: 5, seconds: 95 })),
        ...[...lavfi(beeps(95)), "-filter_complex", "[1:a]atrim=start=90[a]", "-map", "0:v", "-map", "[a]"],
        ...["-c:v", "rawvideo", "-pix_fmt", "yuv420p", ...AAC],
      ),
    expected: { outcome: "ready", seconds: about(95), soundTracks: 1 },
  },
  {
    name: "audio-ends-early",
    about: "The sound ends after 2 of 8 s.",
    extension: "mp4",
    make: (folder) => folder.make(...lavfi(flashes({ seconds: 8 })), ...lavfi(beeps(2)), ...X264, ...AAC),
    expected: { outcome: "ready", seconds: about(8), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "audio-gap",
    about: "The microphone was off from second 3 to 8.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ seconds: 14 })), ...lavfi(beeps(14))],
        ...["-af", "aselect='lt(t,3)+gt(t,8)'", ...X264, ...AAC],
      ),
    expected: { outcome: "ready", seconds: about(14), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "audio-5.1",
    about: "The sound has six channels.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ seconds: 5 })), ...lavfi(beeps(5)), "-af", "pan=5.1|FC=c0", ...X264],
        ...["-c:a", "ac3"],
      ),
    expected: { outcome: "ready", seconds: about(5), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "audio-mono-8000",
    about: "The sound is mono with 8000 samples a second, as of a telephone.",
    extension: "mov",
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ seconds: 5 })), ...lavfi(beeps(5)), "-ar", "8000", "-ac", "1", ...X264],
        ...["-c:a", "pcm_mulaw"],
      ),
    expected: { outcome: "ready", seconds: about(5), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "mxf-mono-tracks",
    about: "A broadcaster's MXF has its two channels as two mono tracks.",
    extension: "mxf",
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ rate: 25, size: "720x576", seconds: 4 })), ...lavfi(beeps(4))],
        ...["-map", "0:v", "-map", "1:a", "-map", "1:a", "-ac", "1", "-c:v", "mpeg2video", "-b:v", "5M"],
        ...["-c:a", "pcm_s16le"],
      ),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "loudness-quiet",
    about: "A quiet voice has a few loud peaks; the environment has one loudness for all sounds.",
    extension: "mp4",
    encoding: { loudnessLufs: -16 },
    make: (folder) => {
      const peaks = "if(lt(mod(t,3),0.005),0.7,0.1)";
      const sound = lavfi(`aevalsrc='${peaks}*sin(2*PI*500*t)':s=48000:d=9`);
      folder.make(...colour("blue", 9), ...sound, ...X264, ...AAC);
    },
    expected: {
      outcome: "ready",
      seconds: about(9),
      soundTracks: 1,
      loudness: [-17, -15],
      soundLevel: [-9, -1],
    },
  },
  {
    name: "loudness-loud",
    about: "A sound is at full scale all the time; the environment has one loudness for all sounds.",
    extension: "mp4",
    encoding: { loudnessLufs: -16 },
    make: (folder) =>
      folder.make(
        ...colour("blue", 6),
        ...lavfi("aevalsrc='0.99*sin(2*PI*500*t)':s=48000:d=6"),
        ...X264,
        ...AAC,
      ),
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1, loudness: [-17, -15] },
  },
];
