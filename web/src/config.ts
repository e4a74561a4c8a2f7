/** The console's configuration, which Terraform writes to the static bucket: see stacks/constructs/edge/web-app.ts. */
export interface Config {
  readonly userPoolClientId: string;
  /** URL of the user pool's API, such as `https://cognito-idp.us-east-1.amazonaws.com`. */
  readonly userPoolApi: string;
}

/** Reads the configuration of this page's environment. Rejects if it is missing. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch("/static/config.json");
  if (!response.ok) throw new Error(`/static/config.json answered ${response.status}`);
  return (await response.json()) as Config;
}
