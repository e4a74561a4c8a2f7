// The SDK warns of this machine's Node.js; the functions' own runtime is newer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** How the tools reach the emulator; every AWS SDK client takes it as its configuration. */
export interface AwsClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** The same for a client that acts by a role. */
export interface RoleClientConfig extends Omit<AwsClientConfig, "credentials"> {
  readonly credentials: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
  }>;
}

/** Credentials that mean nothing anywhere but in the emulator, which takes any. */
export const dummyCredentials = { accessKeyId: "npm-start", secretAccessKey: "npm-start" };

export function clientConfig(endpoint: string, region: string): AwsClientConfig {
  return { endpoint, region, credentials: dummyCredentials, maxAttempts: 2 };
}

/** The environment in which Terraform, cdktf and the AWS SDKs speak to the emulator and to nothing else. */
export function emulatorEnvironment(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: dummyCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dummyCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: "",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // a profile or an instance role of the machine must not take part
    AWS_PROFILE: "",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
