import {
  type Fields,
  fieldsIn,
  isTelecined,
  mayBeTelecined,
  mayHaveFields,
} from "../../../handlers/processor/fields";
import { readProbe } from "../../../handlers/processor/probe";

const source = (more: object = {}) =>
  readProbe({
    streams: [
      {
        index: 0,
        codec_type: "video",
        codec_name: "h264",
        width: 720,
        height: 480,
        avg_frame_rate: "30000/1001",
        ...more,
      },
    ],
  });
const summary = (top: number, bottom: number, progressive: number) =>
  `[Parsed_idet_0 @ 0x1] Multi frame detection: TFF: ${top} BFF: ${bottom} Progressive: ${progressive} Undetermined: 5\n`;

it.each<[string, string, object, Fields]>([
  ["two fields without a header", summary(150, 0, 30), {}, "interlaced"],
  ["whole pictures", summary(0, 2, 180), {}, "none"],
  ["fields of both orders, as in noise", summary(49, 41, 11), {}, "none"],
  ["nothing that moves", summary(0, 0, 0), {}, "none"],
  ["nothing that moves, with a header", summary(0, 0, 0), { field_order: "tt" }, "flagged"],
  ["no summary", "", { field_order: "bb" }, "flagged"],
])("finds in %s what frames consist of", (_, log, more, expected) => {
  expect(fieldsIn(log, source(more))).toBe(expected);
});

it("looks at pictures of television, and at those whose header has fields", () => {
  expect(mayHaveFields(source())).toBe(true);
  expect(mayHaveFields(source({ height: 720 }))).toBe(false);
  expect(mayHaveFields(source({ height: 720, field_order: "tt" }))).toBe(true);
  expect(mayHaveFields(source({ avg_frame_rate: "60/1" }))).toBe(false);
  expect(mayBeTelecined(source())).toBe(true);
  expect(mayBeTelecined(source({ avg_frame_rate: "25/1" }))).toBe(false);
});

it("finds a film by the frame that is repeated in each five", () => {
  const cycles = (...cycle: number[]) => Array.from({ length: 20 }, () => cycle).flat();
  expect(isTelecined(cycles(2.9, 2.8, 0.1, 3.2, 1.5))).toBe(true);
  expect(isTelecined(cycles(2.1, 1, 2, 1.9, 1))).toBe(false);
  expect(isTelecined([])).toBe(false);
});
