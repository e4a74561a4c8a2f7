import { Poison } from "../../../handlers/processor/failures";
import { readProbe } from "../../../handlers/processor/probe";

const video = { codec_type: "video", width: 1280, height: 720, avg_frame_rate: "30000/1001" };
const sound = { codec_type: "audio", channels: 2 };
const read = (streams: object[], duration: string | undefined = "20.5") =>
  readProbe({ streams, format: { duration } });

it("reads what a stream is made by", () => {
  expect(read([sound, video])).toEqual({
    ...{ width: 1280, height: 720, durationSeconds: 20.5, frameRate: "30000/1001" },
    ...{ hasAudio: true, interlaced: false },
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
])("reads a video that is %s", (_, more, expected) => {
  expect(read([{ ...video, ...more }])).toMatchObject(expected);
});

it("takes the length of the video where the file has none", () => {
  expect(readProbe({ streams: [{ ...video, duration: "3" }], format: {} })).toMatchObject({
    durationSeconds: 3,
  });
});

it.each([
  ["nothing", undefined, /no video/],
  ["no stream", { streams: [] }, /no video/],
  ["sound only", { streams: [sound] }, /no video/],
  ["a cover only", { streams: [sound, { ...video, disposition: { attached_pic: 1 } }] }, /no video/],
  ["no size", { streams: [{ codec_type: "video" }] }, /no picture/],
  ["no length", { streams: [video], format: { duration: "N/A" } }, /no length/],
  ["a week", { streams: [video], format: { duration: "604800" } }, /longer than 12 hours/],
  [
    "a huge picture",
    { streams: [{ ...video, width: 65_535, height: 65_535 }] },
    /65535 × 65535 pixels is too large/,
  ],
])("fails on %s, for the creator to read", (_, probed, reason) => {
  const attempt = () => readProbe(probed);
  expect(attempt).toThrow(Poison);
  expect(attempt).toThrow(reason);
});
