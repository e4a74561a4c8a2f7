/** What Terraform writes into the static bucket for the console: see stacks/constructs/edge/web-app.ts. */
export interface Config {
  readonly userPoolClientId: string;
  /** URL of the user pool's API, such as `https://cognito-idp.us-east-1.amazonaws.com`. */
  readonly userPoolApi: string;
}

/** Reads the configuration of the environment that served this page. Rejects when it is not there. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch("/static/config.json");
  if (!response.ok) throw new Error(`/static/config.json answered ${response.status}`);
  return (await response.json()) as Config;
}
