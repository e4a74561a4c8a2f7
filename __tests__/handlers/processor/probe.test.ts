import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { readProbe } from "../../../handlers/processor/probe";

const video = {
  index: 1,
  codec_type: "video",
  codec_name: "h264",
  width: 1280,
  height: 720,
  avg_frame_rate: "30000/1001",
};
const sound = { index: 0, codec_type: "audio", codec_name: "aac", channels: 2 };
const cover = { ...video, index: 0, codec_name: "png", disposition: { attached_pic: 1, default: 1 } };
const read = (streams: object[], duration: string | undefined = "20.5") =>
  readProbe({ streams, format: { duration } });

it("reads what a stream is made by", () => {
  expect(read([sound, video])).toEqual({
    video: 1,
    sounds: [{ index: 0, language: undefined, title: undefined }],
    subtitles: [],
    chapters: [],
    width: 1280,
    height: 720,
    statedSeconds: 20.5,
    frameRate: "30000/1001",
    colour: { format: "", matrix: undefined, transfer: undefined, primaries: undefined, range: undefined },
    lines: 720,
    interlaced: false,
    resizable: true,
    pictureFormat: false,
  });
});

it.each([
  ["turned by its matrix", { side_data_list: [{}, { rotation: -90 }] }, { width: 720, height: 1280 }],
  ["turned by its tag", { tags: { rotate: "270" } }, { width: 720, height: 1280 }],
  ["upside down", { side_data_list: [{ rotation: 180 }] }, { width: 1280, height: 720 }],
  [
    "with wide pixels",
    { width: 720, height: 576, sample_aspect_ratio: "64:45" },
    { width: 1024, height: 576 },
  ],
  ["with pixels of no shape", { sample_aspect_ratio: "0:1" }, { width: 1280, height: 720 }],
  ["interlaced", { field_order: "tt" }, { interlaced: true }],
  ["too fast", { avg_frame_rate: "240/1" }, { frameRate: "60" }],
  ["of no rate", { avg_frame_rate: "0/0" }, { frameRate: "30" }],
  ["slow", { avg_frame_rate: "2/1", r_frame_rate: "2/1" }, { frameRate: "2/1" }],
  ["slower than a frame each second", { avg_frame_rate: "1/5", r_frame_rate: "1/5" }, { frameRate: "1" }],
  ["still at times", { avg_frame_rate: "311/60", r_frame_rate: "60/1" }, { frameRate: "60/1" }],
  ["still at times, of no even rate", { avg_frame_rate: "5/1", r_frame_rate: "1000/1" }, { frameRate: "30" }],
  ["of varying rate", { avg_frame_rate: "41/1", r_frame_rate: "60/1" }, { frameRate: "60/1" }],
  [
    "with repeated fields",
    { avg_frame_rate: "24000/1001", r_frame_rate: "30000/1001" },
    { frameRate: "24000/1001" },
  ],
  ["in fields", { avg_frame_rate: "25/1", r_frame_rate: "50/1" }, { frameRate: "25/1" }],
])("reads a video that is %s", (_, more, expected) => {
  expect(read([{ ...video, ...more }])).toMatchObject(expected);
});

it("uses the length of the video where the file has none, and accepts an unknown length", () => {
  const stated = (more: object) => readProbe({ streams: [{ ...video, ...more }], format: {} }).statedSeconds;
  expect(stated({ duration: "3" })).toBe(3);
  expect(stated({})).toBeUndefined();
  expect(stated({ duration: "N/A" })).toBeUndefined();
});

it.each([
  ["the video behind a cover", [cover, video, sound], { video: 1 }],
  [
    "the video that is marked as default",
    [video, { ...video, index: 2, disposition: { default: 1 } }],
    { video: 2 },
  ],
  ["the first video where none is marked", [video, { ...video, index: 2 }], { video: 1 }],
  [
    "the sound that can be decoded",
    [
      video,
      { ...sound, index: 5, codec_name: undefined, disposition: { default: 1 } },
      { ...sound, index: 6 },
    ],
    { sounds: [{ index: 6 }] },
  ],
  ["no sound where none can be decoded", [video, { ...sound, codec_name: undefined }], { sounds: [] }],
  [
    "the default sound first, then the others, with their languages and titles",
    [
      video,
      { ...sound, index: 5, tags: { language: "ENG" } },
      { ...sound, index: 6, disposition: { default: 1 }, tags: { language: "por", title: "Comentários" } },
      { ...sound, index: 7, tags: { language: "und" } },
    ],
    {
      sounds: [
        { index: 6, language: "por", title: "Comentários" },
        { index: 5, language: "eng" },
        { index: 7, language: undefined },
      ],
    },
  ],
  [
    "subtitles of text, not those of pictures",
    [
      video,
      { index: 3, codec_type: "subtitle", codec_name: "mov_text", tags: { language: "eng" } },
      { index: 4, codec_type: "subtitle", codec_name: "dvd_subtitle" },
    ],
    { subtitles: [{ index: 3, language: "eng" }] },
  ],
])("chooses %s", (_, streams, expected) => expect(read(streams)).toMatchObject(expected));

it("pairs the mono tracks of a broadcaster's MXF", () => {
  const mono = { ...sound, channels: 1 };
  const streams = [video, { ...mono, index: 2 }, { ...mono, index: 3 }];
  expect(readProbe({ streams, format: { format_name: "mxf" } }).sounds).toMatchObject([
    { index: 2, pair: 3 },
  ]);
  expect(readProbe({ streams, format: { format_name: "matroska,webm" } }).sounds).toHaveLength(2);
});

it("reads chapters", () => {
  const chapters = [
    { start_time: "0.0", end_time: "3.5", tags: { title: "Begin" } },
    { start_time: "3.5", end_time: "9" },
  ];
  expect(readProbe({ streams: [video], chapters }).chapters).toEqual([
    { startSeconds: 0, endSeconds: 3.5, title: "Begin" },
    { startSeconds: 3.5, endSeconds: 9, title: "2" },
  ]);
});

it.each([
  ["nothing", undefined, /no video/],
  ["no stream", { streams: [] }, /no video/],
  ["sound only", { streams: [sound] }, /only sound/],
  ["a cover only", { streams: [sound, { ...video, disposition: { attached_pic: 1 } }] }, /only sound/],
  ["no size", { streams: [{ codec_type: "video" }] }, /no picture/],
  [
    "a huge picture",
    { streams: [{ ...video, width: 65_535, height: 65_535 }] },
    /65535 × 65535 pixels is too large/,
  ],
  [
    "a huge picture of narrow pixels",
    { streams: [{ ...video, width: 12_000, height: 12_000, sample_aspect_ratio: "1:5" }] },
    /12000 × 12000 pixels is too large/,
  ],
])("fails on %s, for the creator to read", (_, probed, reason) => {
  const attempt = () => readProbe(probed);
  expect(attempt).toThrow(UnprocessableVideoError);
  expect(attempt).toThrow(reason);
});
