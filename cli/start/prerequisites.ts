import { terraformToolchain } from "../lib/toolchain";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { postgresBinaries } from "@packages/embedded-aws/servers/postgres-binaries";
import { serviceUser } from "@packages/embedded-aws/servers/service-user";
import type { Steps } from "@packages/cli-kit/progress";
import { findFfmpeg } from "@packages/embedded-aws/programs/ffmpeg";
import { type Moto, motoPython } from "@packages/embedded-aws/programs/moto";
import { findRedis } from "@packages/embedded-aws/programs/redis";

export interface Needs {
  readonly toolchain: TerraformToolchain;
  readonly moto: Moto;
  /** Redis is available. Without it the API is slower but correct. */
  readonly redis: boolean;
  /** ffmpeg is available. Without it videos are not processed. */
  readonly ffmpeg: boolean;
}

function describeTerraform({ executable, mirror }: TerraformToolchain): string {
  const from = executable.source === "PATH" ? "from PATH" : "downloaded";
  const provider = mirror
    ? `${mirror.version} from the mirror ${mirror.folder}`
    : "downloaded by terraform init";
  return `${executable.version} ${from}; AWS provider ${provider}`;
}

/** Finds or downloads the programs needed besides Node.js, and prints each in one line. */
export async function findNeeds(steps: Steps): Promise<Needs> {
  const toolchain = await steps.run("Terraform", () => terraformToolchain(), describeTerraform);
  const moto = await steps.run(
    "moto",
    (status) => motoPython(() => status(() => "installing into .local/python (once)")),
    ({ version, python, source }) =>
      `${version} of ${source === "installed" ? python : "a virtual environment"}`,
  );
  await steps.run(
    "PostgreSQL",
    () => Promise.resolve({ user: serviceUser(), ...postgresBinaries(serviceUser()) }),
    ({ version, source, user }) =>
      `${version} of ${source}${user ? `, run as ${user.name} since this is root` : ""}`,
  );
  const redis = await steps.run(
    "Redis",
    (status) => findRedis(() => status(() => "installing")),
    (found) =>
      "missing" in found
        ? `none (${found.missing}): requests read the database instead`
        : `${found.version} from ${found.source}`,
  );
  const ffmpeg = await steps.run(
    "ffmpeg",
    (status) => findFfmpeg(() => status(() => "installing")),
    (found) =>
      "missing" in found
        ? `none (${found.missing}): uploads are not processed`
        : `${found.version} from ${found.source}`,
  );
  return { toolchain, moto, redis: !("missing" in redis), ffmpeg: !("missing" in ffmpeg) };
}
