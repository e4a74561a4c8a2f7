import type { Creator } from "../../cli/start/creator";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import type { Config } from "../../web/src/config";
import { UserPool } from "../../web/src/user-pool";

/** Signs in to the product like the console. */
export async function signInToApi(url: string): Promise<Creator> {
  const config = (await (await fetch(`${url}/static/config.json`)).json()) as Config;
  const tokens = await new UserPool(config).signIn(SAMPLE_USER.email, SAMPLE_USER.password);
  if (!("IdToken" in tokens)) throw new Error(`the user pool asks for ${tokens.name}`);
  return { url, token: tokens.IdToken };
}
