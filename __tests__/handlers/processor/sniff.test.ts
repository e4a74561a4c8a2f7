import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { refuseOtherThanVideo } from "../../../handlers/processor/sniff";

it.each([
  ["an empty file", "", /empty/],
  ["a playlist", "#EXTM3U\n", /playlist/],
  ["a playlist behind a mark and blank lines", "\uFEFF\n\n #EXTM3U\n", /playlist/],
  ["a playlist with bytes of no text", "#EXTM3U\n\x00\x01", /playlist/],
  ["a list of files", "ffconcat version 1.0\n", /playlist/],
  ["a manifest", '<?xml version="1.0"?><MPD>', /playlist/],
  ["any text", "just some words", /text/],
  ["a ZIP", "PK\x03\x04\x00\x00", /archive/],
  ["a text document, which is a ZIP too", "PK\x03\x04\x14\x00........[Content_Types].xml", /document/],
  ["a PDF", "%PDF-1.7\n", /document/],
  ["a photo in HEIC", "\x00\x00\x00\x18ftypheic", /picture/],
  ["a picture in WebP", "RIFF\x00\x00\x00\x00WEBPVP8 ", /picture/],
  ["a bitmap", "BM\x00\x00", /picture/],
])("refuses %s", (_, content, reason) => {
  const attempt = () => refuseOtherThanVideo(Buffer.from(content));
  expect(attempt).toThrow(UnprocessableVideoError);
  expect(attempt).toThrow(reason);
});

it.each([
  ["MP4", "000000206674797069736f6d"],
  ["Matroska", "1a45dfa3a342868101"],
  ["MPEG-TS", "474011100042f0250001"],
  ["AVI", "524946460a000000415649204c495354"],
])("lets %s pass", (_, hex) => expect(() => refuseOtherThanVideo(Buffer.from(hex, "hex"))).not.toThrow());
