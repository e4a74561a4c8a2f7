import { randomBytes } from "node:crypto";
import { clip } from "../services/processor/clips";

/** A second of video, and noise in a box that players skip: it takes long to send, and not to process. */
export function largeClip(bytes: number): Buffer {
  const video = clip({ size: "320x180", seconds: 1 });
  const header = Buffer.alloc(8);
  header.writeUInt32BE(bytes - video.length);
  header.write("free", 4, "latin1");
  return Buffer.concat([video, header, randomBytes(bytes - video.length - header.length)]);
}
