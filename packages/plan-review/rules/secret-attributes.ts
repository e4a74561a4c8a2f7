/** Attributes that are secret by the meaning of their type, whatever their name and marks. */
export const SECRET_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  aws_secretsmanager_secret_version: ["secret_string", "secret_binary"],
  aws_ssm_parameter: ["value"],
  aws_iam_access_key: ["secret", "ses_smtp_password_v4"],
  aws_iam_user_login_profile: ["password"],
  aws_key_pair: ["private_key"],
  azurerm_key_vault_secret: ["value"],
  azurerm_app_configuration_key: ["value"],
  google_secret_manager_secret_version: ["secret_data"],
  google_secret_manager_regional_secret_version: ["secret_data"],
  google_service_account_key: ["private_key"],
  kubernetes_secret: ["data", "binary_data"],
  kubernetes_secret_v1: ["data", "binary_data"],
  random_password: ["result", "bcrypt_hash"],
  random_bytes: ["base64", "hex"],
  tls_private_key: ["private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"],
  vault_generic_secret: ["data_json", "data"],
  vault_kv_secret: ["data_json", "data"],
  vault_kv_secret_v2: ["data_json", "data"],
  github_actions_secret: ["plaintext_value", "encrypted_value"],
  github_actions_environment_secret: ["plaintext_value", "encrypted_value"],
  github_actions_organization_secret: ["plaintext_value", "encrypted_value"],
  github_dependabot_secret: ["plaintext_value", "encrypted_value"],
  gitlab_project_variable: ["value"],
  gitlab_group_variable: ["value"],
};

/** Top-level attributes of a type that are always masked. */
export function secretAttributes(type: string): readonly string[] {
  return Object.hasOwn(SECRET_BY_TYPE, type) ? (SECRET_BY_TYPE[type] ?? []) : [];
}
