/** What is read of a synthesized stack. */
export interface WithProviders {
  readonly provider: { readonly aws: readonly { readonly alias?: string }[] };
}

/** No credentials, and no question who we are. */
const offline = {
  region: "us-east-1",
  access_key: "none",
  secret_key: "none",
  skip_credentials_validation: true,
  skip_metadata_api_check: true,
  skip_requesting_account_id: true,
  allowed_account_ids: null,
};

/**
 * Lets a stack be planned without AWS and with its state in a file: to be written beside it as `*_override.tf.json`,
 * and planned with `-refresh=false`. It names the providers that the stack has: Terraform refuses to override another.
 */
export function offlineOverride({ provider }: WithProviders): object {
  const aws = provider.aws.map(({ alias }) => ({ ...offline, alias }));
  return { terraform: { backend: { local: {} } }, provider: { aws } };
}
