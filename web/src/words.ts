import type { Status } from "../../handlers/media/media";

/** What the console says, in English. Other languages have the same keys. */
const en = {
  tagline: "Upload a video once, play it anywhere.",
  email: "E-mail",
  password: "Password",
  newPassword: "New password (at least 12 characters, with capital and small letters and a number)",
  code: "Code",
  signIn: "Sign in",
  signOut: "Sign out",
  forgot: "I forgot my password",
  sendCode: "Send me a code",
  codeSent: "If that address belongs to a creator, a code is on its way.",
  setPassword: "Set the password",
  passwordSet: "The password is set: sign in with it.",
  back: "Back",
  firstPassword: "Choose a password of your own.",
  authenticator: "Enter the code of your authenticator.",
  wrongPassword: "No creator has this e-mail and password.",
  wrongCode: "That code is not right, or too old.",
  weakPassword: "The user pool refuses this password.",
  tooOften: "Too many attempts: wait a few minutes.",
  resetNeeded: "This password must be set anew: use the link below.",
  sessionEnded: "Your session has ended: sign in again.",
  loading: "Loading…",
  failed: "That did not work.",
  retry: "Try again",
  language: "Language",
  upload: "Upload a video",
  file: "Video file",
  choose: "Choose a file, or drop it here",
  title: "Title",
  start: "Upload",
  cancel: "Cancel",
  uploading: "Uploading",
  uploadGivenUp: "Upload cancelled.",
  uploadFailed: "The upload failed",
  keepOpen: "Keep this page open until the upload has finished.",
  leaveAsk: "A video is being uploaded. Sign out and cancel the upload?",
  keepUploading: "Keep uploading",
  videos: "Videos",
  none: "There is no video yet.",
  more: "Show more",
  refresh: "Refresh",
  play: "Play",
  remove: "Delete",
  removeAsk: "Delete this video and its files? Nothing brings them back.",
  removed: "The video was deleted.",
  keep: "Keep it",
  allVideos: "All videos",
  processingProgress: "Processing",
  expires: "playable in this browser until",
  cantPlay: "This browser can't play the stream.",
  status: {
    registered: "waiting for the upload",
    uploaded: "uploaded, waiting for a processor",
    processing: "processing",
    ready: "ready",
    failed: "failed",
  } satisfies Record<Status, string>,
};

export type Words = typeof en;

const pt: Words = {
  tagline: "Envie um vídeo uma vez, assista em qualquer lugar.",
  email: "E-mail",
  password: "Senha",
  newPassword: "Nova senha (pelo menos 12 caracteres, com maiúsculas, minúsculas e um número)",
  code: "Código",
  signIn: "Entrar",
  signOut: "Sair",
  forgot: "Esqueci minha senha",
  sendCode: "Enviar um código",
  codeSent: "Se esse endereço for de um criador, um código está a caminho.",
  setPassword: "Definir a senha",
  passwordSet: "Senha definida: entre com ela.",
  back: "Voltar",
  firstPassword: "Escolha uma senha só sua.",
  authenticator: "Digite o código do seu autenticador.",
  wrongPassword: "Nenhum criador tem esse e-mail e essa senha.",
  wrongCode: "Esse código está errado ou venceu.",
  weakPassword: "A senha não foi aceita.",
  tooOften: "Tentativas demais: espere alguns minutos.",
  resetNeeded: "Essa senha precisa ser redefinida: use o link abaixo.",
  sessionEnded: "Sua sessão terminou: entre de novo.",
  loading: "Carregando…",
  failed: "Não deu certo.",
  retry: "Tentar de novo",
  language: "Idioma",
  upload: "Enviar um vídeo",
  file: "Arquivo de vídeo",
  choose: "Escolha um arquivo ou solte-o aqui",
  title: "Título",
  start: "Enviar",
  cancel: "Cancelar",
  uploading: "Enviando",
  uploadGivenUp: "Envio cancelado.",
  uploadFailed: "O envio falhou",
  keepOpen: "Mantenha esta página aberta até o fim do envio.",
  leaveAsk: "Um vídeo está sendo enviado. Sair e cancelar o envio?",
  keepUploading: "Continuar enviando",
  videos: "Vídeos",
  none: "Ainda não há vídeos.",
  more: "Mostrar mais",
  refresh: "Atualizar",
  play: "Assistir",
  remove: "Excluir",
  removeAsk: "Excluir este vídeo e os arquivos dele? Não há como desfazer.",
  removed: "O vídeo foi excluído.",
  keep: "Manter",
  allVideos: "Todos os vídeos",
  processingProgress: "Processando",
  expires: "pode ser visto neste navegador até",
  cantPlay: "Este navegador não consegue reproduzir o vídeo.",
  status: {
    registered: "esperando o envio",
    uploaded: "enviado, esperando um processador",
    processing: "processando",
    ready: "pronto",
    failed: "falhou",
  },
};

export const LANGUAGES = { en: "English", pt: "Português" } as const;
export type Language = keyof typeof LANGUAGES;
export const WORDS: Readonly<Record<Language, Words>> = { en, pt };

/** BCP 47, for numbers and times. */
export const LOCALES: Readonly<Record<Language, string>> = { en: "en", pt: "pt-BR" };

const STORAGE_KEY = "streamflow.language";

/** What was chosen here before; else the browser's own language, as far as it is spoken here. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORAGE_KEY), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag): tag is Language => tag === "pt" || tag === "en") ?? "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
