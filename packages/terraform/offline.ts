/** The part of a synthesized stack that is used here. */
export interface WithProviders {
  readonly provider: { readonly aws: readonly { readonly alias?: string }[] };
}

/** Provider settings without credentials and account lookup. */
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
 * An override that plans a stack without AWS and with local state: write it next to the stack as `*_override.tf.json`
 * and plan with `-refresh=false`. It only has the stack's providers, because Terraform rejects overrides of others.
 */
export function offlineOverride({ provider }: WithProviders): object {
  const aws = provider.aws.map(({ alias }) => ({ ...offline, alias }));
  return { terraform: { backend: { local: {} } }, provider: { aws } };
}
