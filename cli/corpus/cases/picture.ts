import { about, type CorpusCase } from "../corpus-case";
import { AAC, beeps, flashes, lavfi, marked, X264 } from "../source-folder";

const IN_SYNC = [-0.05, 0.05] as const;
const BARS = "smptehdbars=s=1280x720:r=25:d=4,format=gbrp";
const TAGS_709 = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv";

/** Arguments for bars in high dynamic range, with SDR white at 203 cd/m². */
function hdrBars(transfer: "smpte2084" | "arib-std-b67"): string[] {
  const linear = "zscale=t=linear:npl=203,format=gbrpf32le";
  const bars = `${BARS},scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,${TAGS_709},${linear}`;
  const params = `log-level=error:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`;
  const mastering =
    "hdr10=1:max-cll=1000,400:master-display=G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(10000000,1)";
  return [
    ...lavfi(`${bars},zscale=p=bt2020:t=${transfer}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le`),
    ...[...lavfi(beeps(4)), "-c:v", "libx265", "-preset", "ultrafast"],
    ...["-x265-params", transfer === "smpte2084" ? `${params}:${mastering}` : params, "-tag:v", "hvc1"],
    ...["-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc", ...AAC],
  ];
}

/** Mean colours of the second and third bar of ffmpeg's `smptehdbars`, 75 % yellow and cyan. */
const BAR_COLOURS = [
  { at: 1, part: "60:200:330:50", colour: [about(191, 16), about(191, 16), about(0, 40)] },
  { at: 1, part: "60:200:460:50", colour: [about(0, 40), about(191, 16), about(191, 16)] },
] as const;

/** Colours, fields, sizes and frame rates. */
export const PICTURE_CASES: readonly CorpusCase[] = [
  {
    name: "col-709-tagged",
    about: "The colours are tagged BT.709.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...lavfi(`${BARS},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p`),
        ...["-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-colorspace", "bt709"],
        ...["-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
      ),
    expected: {
      outcome: "ready",
      seconds: about(4),
      soundTracks: 0,
      colours: BAR_COLOURS,
      mostColourError: 4,
    },
  },
  {
    name: "col-mjpeg-full",
    about: "A camera's MJPEG has BT.601 and the full range.",
    extension: "avi",
    make: (folder) =>
      folder.make(
        ...lavfi(`${BARS},scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p`),
        ...["-c:v", "mjpeg", "-q:v", "2"],
      ),
    expected: {
      outcome: "ready",
      seconds: about(4),
      soundTracks: 0,
      colours: BAR_COLOURS,
      mostColourError: 4,
    },
  },
  {
    name: "col-rgb-qtrle",
    about: "QuickTime Animation has RGB.",
    extension: "mov",
    make: (folder) => folder.make(...lavfi(`${BARS},format=rgb24`), "-c:v", "qtrle"),
    expected: {
      outcome: "ready",
      seconds: about(4),
      soundTracks: 0,
      colours: BAR_COLOURS,
      mostColourError: 4,
    },
  },
  {
    name: "col-601-sd",
    about: "A camcorder's PAL picture is tagged BT.601.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...lavfi(`${BARS},scale=720:576:out_color_matrix=bt601:out_range=tv,format=yuv420p`),
        ...["-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-colorspace", "bt470bg"],
        ...["-color_primaries", "bt470bg", "-color_trc", "gamma28", "-color_range", "tv"],
      ),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 0, mostColourError: 4 },
  },
  {
    name: "hdr10-pq",
    about: "The picture is HDR10 with PQ.",
    extension: "mp4",
    reports: ["Chocobozzz/PeerTube#3499", "Chocobozzz/PeerTube#6573", "immich-app/immich#3512"],
    make: (folder) => folder.make(...hdrBars("smpte2084")),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 1, colours: BAR_COLOURS },
  },
  {
    name: "hdr-hlg",
    about: "The picture is HDR with HLG, the default of telephones.",
    extension: "mp4",
    make: (folder) => folder.make(...hdrBars("arib-std-b67")),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 1, colours: BAR_COLOURS },
  },
  {
    name: "hdr-hlg-4k",
    about: "A telephone's HDR has 3840x2160 pixels.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc2=s=3840x2160:r=30:d=0.6"), "-pix_fmt", "yuv420p10le", "-c:v", "libx265"],
        ...["-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params"],
        "log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc",
        ...["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"],
      ),
    expected: { outcome: "ready", seconds: about(0.6, 0.1), soundTracks: 0, size: [1920, 1080] },
  },
  {
    name: "interlaced-unflagged",
    about: "Each frame has two fields, and no header says so.",
    extension: "mkv",
    reports: ["Chocobozzz/PeerTube#6447"],
    make: (folder) =>
      folder.make(
        ...lavfi("testsrc2=s=720x576:r=50:d=6"),
        "-vf",
        "interlace=scan=tff,setfield=prog",
        "-c:v",
        "ffv1",
      ),
    expected: { outcome: "ready", seconds: about(6), soundTracks: 0, mostCombed: 0.1 },
  },
  {
    name: "interlaced-flagged",
    about: "A camcorder's interlaced picture.",
    extension: "mpg",
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc2=s=720x576:r=50:d=4"), "-vf", "interlace=scan=tff", "-c:v", "mpeg2video"],
        ...["-b:v", "8M", "-flags", "+ildct+ilme", "-top", "1"],
      ),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 0, mostCombed: 0.1 },
  },
  {
    name: "telecine",
    about: "A film of 24 frames a second was telecined for television.",
    extension: "mpg",
    make: (folder) =>
      folder.make(
        ...lavfi("testsrc2=s=720x480:r=24000/1001:d=6"),
        ...["-vf", "telecine=first_field=top:pattern=23,fieldorder=tff", "-c:v", "mpeg2video", "-b:v", "6M"],
        ...["-flags", "+ildct+ilme", "-top", "1"],
      ),
    expected: {
      outcome: "ready",
      seconds: about(6),
      soundTracks: 0,
      // idet sees fields in the noise of the test picture, even without any.
      mostCombed: 0.3,
      frameRate: [23.5, 24.5],
    },
  },
  {
    name: "res-change",
    about: "A telephone was turned while it recorded: 640x360, then 360x640.",
    extension: "ts",
    reports: ["ant-media/Ant-Media-Server#5631"],
    make: (folder) => {
      const first = folder.bytes("a.ts", ...marked({ size: "640x360", seconds: 6 }));
      folder.write(first, folder.bytes("b.ts", ...marked({ size: "360x640", seconds: 6 })));
    },
    expected: {
      outcome: "ready",
      seconds: about(12),
      soundTracks: 1,
      size: [640, 360],
      // Upright, the picture leaves its sides black.
      colours: [{ at: 9, part: "120:340:10:10", colour: [about(0, 12), about(0, 12), about(0, 12)] }],
    },
  },
  {
    name: "size-1600x900",
    about: "The picture has 900 lines.",
    extension: "mp4",
    make: (folder) => folder.make(...marked({ size: "1600x900", seconds: 3 })),
    expected: { outcome: "ready", seconds: about(3), soundTracks: 1, size: [1600, 900], leastSsim: 0.9 },
  },
  {
    name: "size-1918x1078",
    about: "The picture was cropped by a pixel on each side.",
    extension: "mp4",
    make: (folder) => folder.make(...marked({ size: "1918x1078", seconds: 3 })),
    expected: { outcome: "ready", seconds: about(3), soundTracks: 1, size: [1918, 1078], leastSsim: 0.9 },
  },
  {
    name: "size-square",
    about: "The picture is a square.",
    extension: "mp4",
    make: (folder) => folder.make(...marked({ size: "720x720", seconds: 4 })),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 1, size: [720, 720] },
  },
  {
    name: "size-portrait",
    about: "The picture is upright and large.",
    extension: "mp4",
    make: (folder) => folder.make(...marked({ size: "886x1920", seconds: 4 })),
    expected: { outcome: "ready", seconds: about(4), soundTracks: 1, size: [886, 1920] },
  },
  {
    name: "size-odd",
    about: "The sides have odd numbers of pixels.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...lavfi(flashes({ size: "853x481", seconds: 3 })),
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv444p",
      ),
    expected: { outcome: "ready", seconds: about(3), soundTracks: 0, size: [852, 480] },
  },
  {
    name: "fps-1",
    about: "The picture has one frame a second.",
    extension: "mp4",
    make: (folder) =>
      folder.make(...lavfi("testsrc2=s=640x360:r=1:d=20"), ...lavfi(beeps(20)), ...X264, ...AAC),
    expected: { outcome: "ready", seconds: about(20), soundTracks: 1 },
  },
  {
    name: "fps-120",
    about: "A telephone recorded 120 frames a second.",
    extension: "mp4",
    make: (folder) => folder.make(...marked({ size: "640x360", rate: 120, seconds: 4 })),
    expected: {
      outcome: "ready",
      seconds: about(4),
      soundTracks: 1,
      frameRate: [59, 61],
      syncOffset: IN_SYNC,
    },
  },
  {
    name: "vfr-screen",
    about: "A screen recording stands still for 55 s and then moves with 60 frames a second.",
    extension: "mp4",
    reports: ["shaka-project/shaka-streamer#90", "lihaoyun6/QuickRecorder#19", "immich-app/immich#25905"],
    make: (folder) =>
      folder.make(
        ...[...lavfi(flashes({ size: "640x360", rate: 60, seconds: 60 })), ...lavfi(beeps(60))],
        ...["-vf", "select='gte(t,55)+not(mod(n,300))'", "-vsync", "vfr", ...X264, ...AAC],
      ),
    expected: { outcome: "ready", seconds: about(60), soundTracks: 1, frameRate: [30, 61] },
  },
  {
    name: "vfr-still-10s-1080p",
    about: "A screen recording of 1080 lines stands still for 10 s.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc2=s=1920x1080:r=30:d=15"), "-vf", "select='lt(t,3)+gt(t,13)'", "-vsync", "vfr"],
        ...X264,
      ),
    expected: { outcome: "ready", seconds: about(15), soundTracks: 0 },
  },
  {
    name: "vfr-still-45s-1080p",
    about: "A screen recording of 1080 lines stands still for 45 s.",
    extension: "mp4",
    make: (folder) =>
      folder.make(
        ...[...lavfi("testsrc=s=1920x1080:r=30:d=55"), "-vf", "select='lt(t,5)+gt(t,50)'", "-vsync", "vfr"],
        ...X264,
      ),
    expected: { outcome: "ready", seconds: about(55), soundTracks: 0 },
  },
  {
    name: "still-10min",
    about: "A still picture has one frame each 5 s for 10 minutes.",
    extension: "mp4",
    make: (folder) => folder.make(...lavfi("testsrc2=s=1280x720:r=1/5:d=600"), ...X264),
    expected: { outcome: "ready", seconds: about(600, 5), soundTracks: 0, mostCpuPerSecond: 0.1 },
  },
  {
    name: "late-picture",
    about: "The picture begins 5 s after the sound.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...["-itsoffset", "5", ...lavfi(flashes({ seconds: 5 })), ...lavfi(beeps(10)), ...X264, ...AAC],
      ),
    expected: { outcome: "ready", seconds: about(10), soundTracks: 1, syncOffset: IN_SYNC },
  },
  {
    name: "wide-pixels-bomb",
    about: "The picture has 144 million pixels, in a shape that looks smaller.",
    extension: "mkv",
    make: (folder) =>
      folder.make(
        ...[...lavfi("color=black:s=12000x12000:r=1"), "-frames:v", "2", "-vf", "setsar=1/5"],
        ...["-c:v", "png", "-pix_fmt", "rgb24"],
      ),
    expected: { outcome: "failed", code: "tooLarge" },
  },
];
