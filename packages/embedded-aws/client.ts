// The SDK warns about this machine's Node.js; the functions' runtime is newer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** Configuration of AWS SDK clients that use the emulator. */
export interface AwsClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** Configuration of AWS SDK clients that use the emulator with a role. */
export interface RoleClientConfig extends Omit<AwsClientConfig, "credentials"> {
  readonly credentials: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
  }>;
}

/** Credentials for the emulator, which accepts any. */
export const dummyCredentials = { accessKeyId: "npm-start", secretAccessKey: "npm-start" };

export function clientConfig(endpoint: string, region: string): AwsClientConfig {
  return { endpoint, region, credentials: dummyCredentials, maxAttempts: 2 };
}

/** Environment variables with which Terraform, cdktf and AWS SDKs only use the emulator. */
export function emulatorEnvironment(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: dummyCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dummyCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: "",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // ignore the machine's profiles and instance role
    AWS_PROFILE: "",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
