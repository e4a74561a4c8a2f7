import { writeFileSync } from "node:fs";
import { chapterMetadata } from "../../../harness/clips";
import { about, type CorpusCase } from "../corpus-case";
import { AAC, beeps, flashes, lavfi, marked, type SourceFolder, X264 } from "../source-folder";

const BRIGHT = [
  [30, 255],
  [30, 255],
  [30, 255],
] as const;

function subtitles(folder: SourceFolder): string {
  const file = folder.path("s.srt");
  writeFileSync(file, "1\n00:00:01,000 --> 00:00:03,000\nHello\n");
  return file;
}

/** Posters, sprites, subtitles, chapters and bandwidths. */
export const EXTRA_CASES: readonly CorpusCase[] = [
  {
    name: "one-frame",
    about: "The video is one picture.",
    extension: "mp4",
    reports: ["immich-app/immich#11133"],
    make: (folder) => folder.make(...lavfi("testsrc2=s=640x360:r=25:d=1"), "-frames:v", "1", ...X264),
    expected: { outcome: "ready", seconds: [0.02, 1], soundTracks: 0, posterColour: BRIGHT },
  },
  {
    name: "one-frame-long-sound",
    about: "A song of a minute has one picture.",
    extension: "mp4",
    reports: ["video-dev/hls.js#7543", "Chocobozzz/PeerTube#5118"],
    make: (folder) => {
      const picture = folder.part(
        "v.mp4",
        ...lavfi("testsrc2=s=640x360:r=25:d=1"),
        "-frames:v",
        "1",
        ...X264,
      );
      const song = folder.part("a.m4a", ...lavfi(beeps(60)), ...AAC);
      folder.make("-i", picture, "-i", song, "-c", "copy");
    },
    expected: { outcome: "ready", seconds: about(60), soundTracks: 1, posterColour: BRIGHT },
  },
  {
    name: "poster-black-start",
    about: "The picture is black for 12 of 30 s.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc2=s=320x180:r=30:d=30,drawbox=c=black:t=fill:enable='lt(t,12)'"), ...X264],
      ),
    expected: { outcome: "ready", seconds: about(30), soundTracks: 0, posterColour: BRIGHT },
  },
  {
    name: "all-black",
    about: "The picture is black throughout.",
    extension: "mp4",
    make: (folder) => folder.make(...lavfi("color=black:s=320x180:r=25:d=4"), ...X264),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 0 },
  },
  {
    name: "sprite-drift-1",
    about: "A video of 250 s has one frame a second; the sprite has a picture each 2.5 s.",
    extension: "mp4",
    make: (folder) => folder.make(...lavfi("testsrc=s=640x360:r=1:d=250"), ...X264),
    expected: { outcome: "ready", seconds: about(250), soundTracks: 0 },
  },
  {
    name: "sprite-drift-30",
    about: "The sprite of a video of 121 s has a picture each 1.21 s.",
    extension: "mp4",
    make: (folder) => folder.make(...lavfi("testsrc=s=256x144:r=30:d=121"), ...X264),
    expected: { outcome: "ready", seconds: about(121), soundTracks: 0 },
  },
  {
    name: "slides",
    about: "A talk with slides needs little bandwidth.",
    extension: "mp4",
    reports: ["axiomatic-systems/Bento4#531"],
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc=s=1280x720:r=30:d=20"), ...lavfi(beeps(20))],
        ...["-vf", "fps=1/10,fps=30", ...X264, ...AAC],
      ),
    expected: { outcome: "ready", seconds: about(20), soundTracks: 1 },
  },
  {
    name: "subs-movtext",
    about: "An MP4 has subtitles.",
    extension: "mp4",
    make: (folder) => {
      const video = folder.part("b.mp4", ...marked({ seconds: 6 }));
      folder.make(
        ...["-i", video, "-i", subtitles(folder), "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text"],
        ...["-metadata:s:s:0", "language=eng"],
      );
    },
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1, subtitles: 1 },
  },
  {
    name: "subs-matroska-two",
    about: "A Matroska file has subtitles in two languages.",
    extension: "mkv",
    make: (folder) => {
      const video = folder.part("b.mp4", ...marked({ seconds: 6 }));
      const file = subtitles(folder);
      folder.make(
        ...["-i", video, "-i", file, "-i", file, "-map", "0", "-map", "1", "-map", "2", "-c", "copy"],
        ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=por"],
      );
    },
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1, subtitles: 2 },
  },
  {
    name: "chapters",
    about: "An MP4 has chapters.",
    extension: "mp4",
    make: (folder) => {
      const file = folder.path("chapters.txt");
      writeFileSync(
        file,
        chapterMetadata([
          ["Begin", 3],
          ["End", 6],
        ]),
      );
      const video = folder.part("b.mp4", ...marked({ seconds: 6 }));
      folder.make("-i", video, "-i", file, "-map_metadata", "1", "-c", "copy");
    },
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1, chapters: 2 },
  },
  {
    name: "download",
    about: "The environment makes an MP4 for downloads; the file has two sounds.",
    extension: "mkv",
    encoding: { download: true },
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ seconds: 6 })), ...lavfi(beeps(6)), ...lavfi("sine=440:d=6")],
        ...["-map", "0", "-map", "1", "-map", "2", ...X264, ...AAC],
      ),
    expected: { outcome: "ready", seconds: about(6), soundTracks: 2, download: true },
  },
  {
    name: "av1",
    about: "The environment also makes AV1, for all sizes that are large enough.",
    extension: "mp4",
    // An AV1 encoder needs more than the smallest task has.
    encoding: { av1: true, memoryMiB: 4_032 },
    make: (folder) => folder.make(...marked({ size: "640x360", seconds: 6, rate: 24 })),
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1, av1Sizes: 3 },
  },
];
