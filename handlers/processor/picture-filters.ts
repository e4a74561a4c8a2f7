import type { Fields } from "./fields";
import type { Rung } from "./ladder";
import type { Lengths } from "./lengths";
import { rateOf, type Source, type SourceColour } from "./probe";

export interface PicturePlan {
  readonly source: Source;
  readonly lengths: Lengths;
  /** Fields that the frames consist of. */
  readonly fields: Fields;
  readonly ladder: readonly Rung[];
}

/** Seconds that audio may exceed the video before its last frame is repeated. */
const AUDIO_OVERHANG_SECONDS = 0.5;
/** Transfer functions of high dynamic range: PQ and HLG. */
const HDR_TRANSFERS = ["smpte2084", "arib-std-b67"];
/** Luminance of white in SDR within HDR, in cd/m²: https://www.itu.int/pub/R-REP-BT.2408 */
const REFERENCE_WHITE = 203;
/** Share of the reference white up to which tones stay as they are. */
const LINEAR_TONES = 0.7;
/** Lines from which players take a picture without a tag for BT.709. */
const HD_LINES = 720;
const BT601_MATRICES = ["smpte170m", "bt470bg", "fcc"];
const TAGS_BT709 = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709";

/** The frame rate of the stream: that of the film for a telecined source. */
export function streamRate({ source, fields }: Pick<PicturePlan, "source" | "fields">): string {
  const [frames = "30", seconds = "1"] = source.frameRate.split("/");
  return fields === "telecined" ? `${Number(frames) * 4}/${Number(seconds) * 5}` : source.frameRate;
}

/**
 * The filter graph, with outputs `[v0]`, `[v1]`, … The fps filter comes last, because it repeats frames of still
 * pictures after scaling without copies; earlier it would pass thousands of frames at once.
 */
export function filterGraph(plan: PicturePlan): string {
  const { source, ladder, lengths } = plan;
  const names = ladder.map((_, index) => `[s${index}]`).join("");
  const first = [
    ...fieldFilters(plan.fields),
    // Without a second frame, the first frame has no end.
    ...(lengths.video.packets === 1
      ? ["loop=loop=-1:size=1", `settb=AVTB,setpts=N/(${source.frameRate})/TB`]
      : []),
    ...toneFilters(plan),
    `split=${ladder.length}${names}`,
  ];
  const branches = ladder.map((rung, index) => `[s${index}]${rungFilters(rung, plan).join(",")}[v${index}]`);
  return [`[0:${source.video}]${first.join(",")}`, ...branches].join(";");
}

function fieldFilters(fields: Fields): string[] {
  if (fields === "telecined")
    return [
      "scale=interl=1",
      "format=yuv420p",
      "fieldmatch=combmatch=full:combpel=20",
      "yadif=deint=interlaced",
      "decimate",
    ];
  if (fields === "interlaced") return ["bwdif=mode=send_frame"];
  return fields === "flagged" ? ["yadif=deint=interlaced"] : [];
}

/** Maps high dynamic range and wide colours to BT.709, in the size of the largest rung. */
function toneFilters({ source, ladder }: PicturePlan): string[] {
  const [largest] = ladder;
  const { colour } = source;
  if (largest === undefined || !isWide(colour)) return [];
  const tagged = `setparams=color_primaries=${colour.primaries ?? "bt2020"}:colorspace=${colour.matrix ?? "bt2020nc"}`;
  const size = `w=${largest.width}:h=${largest.height}`;
  if (!isHdr(colour)) return [tagged, `zscale=${size}:p=bt709:t=bt709:m=bt709:r=tv`, "format=yuv420p"];
  return [
    tagged,
    `zscale=${size}:p=bt709:t=linear:npl=${REFERENCE_WHITE}`,
    "format=gbrpf32le",
    `tonemap=mobius:param=${LINEAR_TONES}:desat=0`,
    "zscale=t=bt709:m=bt709:r=tv",
    "format=yuv420p",
  ];
}

/** Whether a picture has a transfer function of high dynamic range. */
export function isHdr({ transfer }: SourceColour): boolean {
  return HDR_TRANSFERS.includes(transfer ?? "");
}

function isWide(colour: SourceColour): boolean {
  return isHdr(colour) || colour.primaries === "bt2020" || (colour.matrix ?? "").startsWith("bt2020");
}

function rungFilters(rung: Rung, plan: PicturePlan): string[] {
  const { lengths, source } = plan;
  const held = lengths.seconds - lengths.video.end;
  return [
    ...sizeFilters(rung, source),
    `setsar=1,format=yuv420p,${TAGS_BT709}`,
    // The first frame is also shown before its time, so that the picture begins with the sound.
    `fps=${streamRate(plan)}:start_time=0`,
    ...(lengths.video.packets > 1 && held > AUDIO_OVERHANG_SECONDS
      ? [`tpad=stop_mode=clone:stop_duration=${held.toFixed(6)}`]
      : []),
  ];
}

/** Scales to a rung, and fits pictures of another shape, which follow when a telephone is turned, into it. */
function sizeFilters({ width, height }: Rung, source: Source): string[] {
  const colours = colourOptions(source);
  if (!source.resizable || isWide(source.colour)) return [`scale=${width}:${height}${colours}`];
  const shape = width / height;
  const same = `lt(abs(dar/${shape.toFixed(6)}-1),0.02)`;
  return [
    `scale=w='if(${same},${width},2*floor(min(${width},${height}*dar)/2))'` +
      `:h='if(${same},${height},2*floor(min(${height},${width}/dar)/2))'${colours}`,
    `pad=${width}:${height}:-1:-1`,
  ];
}

/** Options of the scale filter that convert other colours than BT.709 of limited range. */
function colourOptions({ colour, lines }: Source): string {
  if (isWide(colour)) return "";
  const { format, matrix, range } = colour;
  const rgb = /^(?:gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2)/.test(format);
  const full = range === "pc" || format.startsWith("yuvj");
  const unknown = matrix === undefined || rgb;
  // JPEG defines BT.601; otherwise players guess by the size.
  const guessed = lines >= HD_LINES && !format.startsWith("yuvj") ? "bt709" : "bt601";
  const input = unknown ? guessed : BT601_MATRICES.includes(matrix) ? "bt601" : matrix;
  if (!rgb && !full && input === "bt709") return "";
  return `${rgb ? "" : `:in_color_matrix=${input}`}:out_color_matrix=bt709:out_range=tv`;
}

/** Frames per second of the stream. */
export function streamFramesPerSecond(plan: Pick<PicturePlan, "source" | "fields">): number {
  return rateOf(streamRate(plan));
}
