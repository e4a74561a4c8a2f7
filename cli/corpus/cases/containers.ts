import { coverFirst, noise, turned } from "../../../harness/clips";
import { about, type CorpusCase, NOT_RED } from "../corpus-case";
import { heic, withFarBlock, withMatroskaDuration, withoutPackets } from "../source-bytes";
import { AAC, beeps, colour, flashes, lavfi, marked, X264 } from "../source-folder";

const IN_SYNC = [-0.05, 0.05] as const;

/** Files whose container says too little, too much or something wrong. */
export const CONTAINER_CASES: readonly CorpusCase[] = [
  {
    name: "webm-live",
    about: "A recording of a browser's MediaRecorder has no length in its header.",
    extension: "webm",
    reports: [
      "Chocobozzz/PeerTube#4092",
      "mediacms-io/mediacms#48",
      "WWBN/AVideo#2777",
      "electron/electron#15504",
    ],
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ size: "320x180", seconds: 8 })), ...lavfi(beeps(8))],
        ...["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-c:a", "libopus", "-live", "1"],
      ),
    expected: { outcome: "ready", seconds: about(8), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "mkv-dur-double",
    about: "The header says 60 s, the file has 8 s.",
    extension: "mkv",
    make: (folder) =>
      folder.write(withMatroskaDuration(folder.bytes("b.mkv", ...marked({ seconds: 8 })), 60_000)),
    expected: { outcome: "ready", seconds: about(8), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "mkv-dur-short",
    about: "The header says 3 s, the file has 20 s.",
    extension: "mkv",
    make: (folder) =>
      folder.write(withMatroskaDuration(folder.bytes("b.mkv", ...marked({ seconds: 20 })), 3_000)),
    expected: { outcome: "ready", seconds: about(20), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "mkv-far-block",
    about: "The last frame of 10 s is stamped 11 hours later.",
    extension: "mkv",
    make: (folder) => {
      const mkv = folder.bytes("b.mkv", ...marked({ size: "320x180", seconds: 10 }));
      folder.write(withFarBlock(mkv, 11 * 3_600_000));
    },
    expected: { outcome: "ready", seconds: about(10), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "two-frames-12h",
    about: "There are two frames, 43 190 s apart.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc=s=1920x1080:r=1"), "-frames:v", "2", "-vf", "setpts='N*43190/TB'"],
        ...["-vsync", "passthrough", ...X264],
      ),
    expected: { outcome: "ready", seconds: [0.5, 3], soundTracks: 0 },
  },
  {
    name: "ts-concat",
    about: "Two recordings were joined, and the time begins anew.",
    extension: "ts",
    reports: ["androidx/media#906"],
    make: (folder) => {
      const ts = folder.bytes("b.ts", ...marked({ seconds: 8 }));
      folder.write(ts, ts);
    },
    expected: { outcome: "ready", seconds: about(16), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "ts-jump",
    about: "Time stamps jump by an hour in the middle.",
    extension: "ts",
    reports: ["Zibbp/ganymede#1330"],
    make: (folder) => {
      const mp4 = folder.part("b.mp4", ...marked({ seconds: 8 }));
      const late = ["-i", mp4, "-c", "copy", "-output_ts_offset", "3600"];
      folder.write(folder.bytes("a.ts", "-i", mp4, "-c", "copy"), folder.bytes("b.ts", ...late));
    },
    expected: { outcome: "ready", seconds: about(16), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "ts-40mbit-audio-late",
    about: "A camera's transport stream of 40 Mbit/s has its first sound after 2.5 s.",
    extension: "ts",
    make: (folder) =>
      folder.make(
        ...lavfi(`${flashes({ size: "1280x720", seconds: 6 })},noise=alls=60:allf=t`),
        ...[
          ...lavfi(beeps(10)),
          "-filter_complex",
          "[1:a]atrim=start=2.5:end=6[a]",
          "-map",
          "0:v",
          "-map",
          "[a]",
        ],
        ...[...X264, "-g", "15", "-b:v", "40M", "-minrate", "40M", "-maxrate", "40M", "-bufsize", "20M"],
        ...["-c:a", "ac3"],
      ),
    expected: { outcome: "ready", seconds: about(6), soundTracks: 1 },
  },
  {
    name: "cut-mp4-92",
    about: "The last 8 % of the file are missing.",
    extension: "mp4",
    make: (folder) => {
      const mp4 = folder.bytes("b.mp4", ...marked({ seconds: 20 }), "-movflags", "+faststart");
      folder.write(mp4.subarray(0, Math.floor(mp4.length * 0.92)));
    },
    expected: { outcome: "ready", seconds: about(18.4, 0.7), soundTracks: 1, damaged: true },
  },
  {
    name: "cut-mkv-40",
    about: "Of a Matroska file, the first 40 % arrived.",
    extension: "mkv",
    make: (folder) => {
      const mkv = folder.bytes("b.mkv", ...marked({ seconds: 12 }));
      folder.write(mkv.subarray(0, Math.floor(mkv.length * 0.4)));
    },
    expected: { outcome: "ready", seconds: [3.5, 6], soundTracks: 1, damaged: true },
  },
  {
    name: "cut-mp4-without-index",
    about: "An MP4 was cut before its index, which stands at its end.",
    extension: "mp4",
    make: (folder) => {
      const mp4 = folder.bytes("b.mp4", ...marked({ seconds: 4 }));
      folder.write(mp4.subarray(0, Math.floor(mp4.length * 0.6)));
    },
    expected: { outcome: "failed", code: "incomplete" },
  },
  {
    name: "head700-mkv",
    about: "Only the first 700 bytes of a Matroska file arrived.",
    extension: "mkv",
    make: (folder) => folder.write(folder.bytes("b.mkv", ...marked({ seconds: 8 })).subarray(0, 700)),
    expected: { outcome: "failed", code: "incomplete" },
  },
  {
    name: "video-broken-audio-whole",
    about: "Of 20 s of picture, 2 s can be decoded; the sound is whole.",
    extension: "mp4",
    reports: ["immich-app/immich#29973", "immich-app/immich#16154"],
    make: (folder) => {
      const args = [...marked({ seconds: 20 }), "-g", "30", "-movflags", "+faststart"];
      const mp4 = folder.bytes("b.mp4", ...args);
      folder.write(withoutPackets(mp4, folder.path("b.mp4"), 60));
    },
    expected: { outcome: "failed", code: "truncated" },
  },
  {
    name: "cover-first",
    about: "A cover comes before the video.",
    extension: "mp4",
    reports: ["opencast/opencast#3694", "amule-project/amule#1075"],
    make: (folder) => {
      const cover = folder.part("cover.png", ...colour("red", 1, "300x300"), "-frames:v", "1");
      const video = folder.part("b.mp4", ...marked({ size: "640x360", seconds: 6 }));
      folder.write(
        coverFirst(
          folder.bytes(
            "covered.mp4",
            ...["-i", video, "-i", cover, "-map", "0", "-map", "1", "-c", "copy"],
            ...["-disposition:v:1", "attached_pic"],
          ),
        ),
      );
    },
    expected: {
      outcome: "ready",
      seconds: about(6),
      soundTracks: 1,
      size: [640, 360],
      posterColour: NOT_RED,
      syncOffset: IN_SYNC,
    },
  },
  {
    name: "video-second-default",
    about: "The second video is marked as the default.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...[
          ...colour("red", 6),
          ...lavfi(flashes({ size: "640x360", rate: 25, seconds: 6 })),
          ...lavfi(beeps(6)),
        ],
        ...["-map", "0:v", "-map", "1:v", "-map", "2:a", ...X264, ...AAC],
        ...["-disposition:v:0", "0", "-disposition:v:1", "default"],
      ),
    expected: {
      outcome: "ready",
      seconds: about(6),
      soundTracks: 1,
      size: [640, 360],
      posterColour: NOT_RED,
    },
  },
  {
    name: "box-gif",
    about: "A GIF moves.",
    extension: "gif",
    make: (folder) => folder.make(...lavfi("testsrc2=s=320x180:r=10:d=4")),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 0, size: [320, 180] },
  },
  {
    name: "heic",
    about: "The file is a photo of a telephone.",
    extension: "heic",
    make: (folder) => folder.write(heic(noise(30_000))),
    expected: { outcome: "failed", code: "picture" },
  },
  {
    name: "photo-jpeg",
    about: "The file is a photo in JPEG.",
    extension: "jpg",
    make: (folder) => folder.make(...lavfi("testsrc2=s=640x360"), "-frames:v", "1"),
    expected: { outcome: "failed", code: "picture" },
  },
  {
    name: "document-pdf",
    about: "The file is a PDF.",
    extension: "pdf",
    make: (folder) => folder.write(Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1"), noise(5_000)),
    expected: { outcome: "failed", code: "document" },
  },
  {
    name: "document-docx",
    about: "The file is a text document, which is an archive too.",
    extension: "docx",
    make: (folder) =>
      folder.write(
        Buffer.from("PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0", "latin1"),
        Buffer.from("....[Content_Types].xml"),
      ),
    expected: { outcome: "failed", code: "document" },
  },
  {
    name: "encrypted-mp4",
    about: "The MP4 is encrypted with common encryption.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...[...marked({ seconds: 3 }), "-encryption_scheme", "cenc-aes-ctr"],
        ...["-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb"],
        ...["-encryption_kid", "a7e61c373e219033c21091fa607bf3b8"],
      ),
    expected: { outcome: "failed", code: "encrypted" },
  },
  {
    name: "audio-cover-mp3",
    about: "The file is a song with a cover.",
    extension: "mp3",
    reports: ["Chocobozzz/PeerTube#5118"],
    make: (folder) => {
      const cover = folder.part("cover.png", ...colour("red", 1, "300x300"), "-frames:v", "1");
      folder.make(
        ...[...lavfi(beeps(6)), "-i", cover, "-map", "0", "-map", "1", "-c:a", "libmp3lame", "-c:v", "copy"],
        ...["-disposition:v", "attached_pic"],
      );
    },
    expected: { outcome: "failed", code: "sound" },
  },
  {
    name: "audio-m4a",
    about: "The file is a recording of sound in MP4.",
    extension: "m4a",
    make: (folder) => folder.make(...lavfi(beeps(3)), ...AAC),
    expected: { outcome: "failed", code: "sound" },
  },
  {
    name: "fragmented-mp4",
    about: "A live encoder wrote a fragmented MP4 without a length.",
    extension: "mp4",
    make: (folder) => folder.make(...marked({ seconds: 8 }), "-movflags", "+empty_moov+frag_keyframe"),
    expected: { outcome: "ready", seconds: about(8), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "timecode-data-track",
    about: "A camera's file has a data track of time codes.",
    extension: "mov",
    make: (folder) => folder.make(...marked({ seconds: 5 }), "-timecode", "01:00:00:00"),
    expected: { outcome: "ready", seconds: about(5), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "turned-phone",
    about: "A telephone was held upright: the picture is turned by its header.",
    extension: "mp4",
    make: (folder) => folder.write(turned(folder.bytes("b.mp4", ...marked({ size: "640x360", seconds: 4 })))),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 1, size: [360, 640], syncOffset: IN_SYNC },
  },
];
