import { findFfmpeg } from "../../tools/local/needs/ffmpeg";
import { findRedis } from "../../tools/local/needs/redis";

/** Installs what the layer needs before its first test: on a new machine that takes longer than any test may. */
export default async function setup(): Promise<void> {
  await findRedis();
  await findFfmpeg();
}
