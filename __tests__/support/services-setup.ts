import { findFfmpeg } from "../../packages/embedded-aws/programs/ffmpeg";
import { findRedis } from "../../packages/embedded-aws/programs/redis";
import ownTemporaryFolder from "./temporary-folder";

/** Installs what the layer needs before its first test; on a new machine this takes longer than a test's timeout. */
export default async function setup(): Promise<void> {
  ownTemporaryFolder();
  await findRedis();
  await findFfmpeg();
}
