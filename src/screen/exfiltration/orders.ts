import type { Origin } from '../../core/call.ts'
import type { View } from '../../core/verdict.ts'
import { foldPattern } from '../normalise.ts'
import { folded } from '../shapes/folded.ts'
import { isForbidden } from '../quoted.ts'
import { type Most, TOLD } from '../shapes/most.ts'

/** Where something could be sent: an e-mail address, a web address, a host by number. */
const DESTINATION =
  /[a-z0-9]@[a-z0-9-]{1,63}\.[a-z]|\b(?:https?|ftp|s3|wss?):\/\/[a-z0-9[<{]|\b(?:to|at|auf|an|nach|vers|para|sur) [a-z0-9-]{2,40}\.(?:example|invalid|com|net|org|io|ru|cn|xyz|info|dev)\b/g

/** Verbs of sending as they are ordered: not "sent", "sending", "sends". */
const SEND = folded(
  /\b(?:send|forward(?:_all)?|(?:auto-?)?forwarding rule|reenvio|weiterleitung|http_put|upload|transmit|exfiltrate|submit|transfer|bcc|http_post|curl|wget|relay|deliver|leak(?! crisis)|dm|(?:e?-?mail|post|share|copy|cc|append|export|dump|paste|report|attach)(?= (?:me|it|them|him|her|the|this|that|these|those|all|your|my|his|its|their|every|everything|any|a|an|copies|each|our|full|user|users?'s?|what) )|sende|schicke?|leite|kopiere|lade|teile|envoie[rz]?|transfere[rz]?|transmet(?:s|tez)|partage[rz]?|publie[rz]?|envia[r]?|envie|reenvia[r]?|reenvie|comparta|comparte|sube|pega|pegalos|encaminhe|copie|exporte|invia(?:re)?|inoltra(?:re)?|carica|stuur|verstuur|exporteer|zet|przeslij|wyslij|skopiuj|odeslat|posli|preposli|gonder|ilet|yukle|skicka|kirim(?:kan)?|teruskan|gui|chuyen)\b|отправь|отправьте|перешли|перешлите|скопируй|загрузи|надішли|перешли|завантаж|发送|转发|上传|发到|发给|發送|轉發|上傳|送信|転送|アップロード|送って|ارسل|أرسل|انسخ|بفرست|भेज|שלח|ส่ง|전송|보내|업로드/u,
)

/** The same in languages that say where before what is done. */
const SENT_TO = folded(/전송|보내|업로드|送って|送信|転送|アップロード|भेज|gonder|ilet|yukle/u)

/** What belongs to the user or the agent's operator and goes nowhere by an order in a text. */
const PRIVATE = folded(
  /\b(?:passwords?|passwort|passworter|credentials?|api[ _-]?keys?|access keys?|secrets?|private keys?|ssh|id_rsa|tokens?|cookies?|session id|conversation|chat history|(?:message|chat|browsing|search) history|last \d{1,4} messages|context (?:data|window)|system prompt|environment variables|contacts|address book|inbox|mailbox|(?:all|every|last|recent|her|his|their|user's) (?:e?-?mails?|messages|files|documents|attachments|invoices|photos|records|customers|notes)|customer (?:list|data|records?)|user(?:s|'s|s')? (?:data|records?|details|question|location|address|name|real name|phone|card)|users table|medical (?:data|records?|history)|patients?|health records?|payroll|salar(?:y|ies)|bank (?:details|account)|card (?:number|details|digits)|saved (?:payment|cards|addresses|login)|payment methods?|genetic|ssn|social security|tax (?:id|number)|passports?|one-time codes?|verification code|(?:2fa|mfa) code|everything (?:you|that|about|stored|in)|full transcript|contrasenas?|claves?|conversacion|mots? de passe|courriels|senhas?|conversa|parola|hasla|zalaczniki|wachtwoord(?:en)?|patientenbestand|sifreler|kata sandi|mat khau|hop dong)\b|\/\.(?:ssh|aws|netrc|gnupg|kube)\b|\.env\b|\/etc\/(?:passwd|shadow)|парол|переписк|ключи|пароли|密码|密碼|密钥|对话|對話|聊天记录|通讯录|个人信息|パスワード|会話|チャット|履歴|비밀번호|대화|개인정보|주민번호|كلمات المرور|محادث|ملفات|पासवर्ड|סיסמ|รหัสผ่าน/u,
)

/** What an order inside content has no business to send either, though a user may. */
const FOUND_INSIDE =
  /\b(?:(?:the|its|their|whole|entire|this|a) (?:body|contents?|text|summary|list|link|file|files|folder|document|documents|data|details|information|info|result|results|code|codes|calendar|events?|transactions?|thread|channel|message|messages|e-?mails?|attachments?|repository|readme|record|records)|my (?:saved|personal|account|recent|past|search|health|e-?mails?|contact|payment|home|card|medical|location|file|data)|all (?:of )?(?:the|its|my|our|available|past|stored)|list of)\b/

/** Words that lead to an address. */
const TOWARDS: ReadonlySet<string> = new Set(
  `to at via with on onto into in address url target using through auf an nach vers sur à para su naar na на адрес адресу
  till ke a do til by account endpoint server webhook inbox form curl wget d t f post put it`
    .split(/\s/)
    .map(foldPattern),
)
/** Ends a sentence: a mark and a space, or a mark of scripts that part nothing. */
const SENTENCE_END = /[.!?;] |[\u3002\uff01\uff1f]/g

/** Rights that an order gives to whoever has the address. */
const RIGHTS =
  /^[^ ]{0,80}["')]{0,2},? (?:as (?:an? |the )?(?:admin|owner|co-?owner|editor|beneficiary|payee|recovery)|(?:edit|admin|full|write|owner)(?:or|ing|istrator)? (?:rights|access|permissions?)|(?:access|permissions?) to)/
const GIVE =
  /\b(?:add|give|grant|invite|make|set|register|put)(?: [^ ]{1,24}){0,3} ["'(]{0,2}[a-z0-9._%+-]{0,40}$/

/** Of a mail address, what stands before the mark. */
const LOCAL_PART = /[a-z0-9._%+-]/
const LETTER = /\p{L}/u
/** Marks between a word and the address: `to": "`. */
const MARKS_MAX = 6
/** The last letter of scripts that part words and are not read to the end here. */
const PARTING_LAST = 0x058f

/** Order, what and where stand near one another, in code units. */
const BEFORE = 150
const AFTER = 80
/** Destinations nearer than this to the last one are the same order's. */
const APART = 48

/** Adds orders to send what is private to an address. */
export function addOrders(view: View, most: Most): void {
  const { normal, origin } = view
  let last = -APART
  for (const { index, 0: address } of normal.matchAll(DESTINATION)) {
    if (most.isFull) return
    if (index - last < APART) continue
    last = index
    const from = Math.max(0, index - BEFORE)
    const before = sentenceOf(normal.slice(from, index + address.indexOf(' ') + 1))
    const kind = kindOf(before, normal.slice(index, index + AFTER), origin)
    if (kind === undefined) continue
    const start = index + address.indexOf(' ') + 1 - before.length + kind.at
    const score = isForbidden(normal, start) ? TOLD : kind.score
    most.add({
      detector: 'exfiltration',
      rule: kind.rule,
      score,
      start: view.toOriginal(start),
      end: view.toOriginal(Math.min(normal.length, index + AFTER)),
    })
  }
}

interface Kind {
  readonly rule: string
  readonly score: number
  /** Where the order begins in the sentence. */
  readonly at: number
}

/** What is ordered, if anything. What a user may ask for, content may not. */
function kindOf(before: string, after: string, origin: Origin): Kind | undefined {
  const inside = origin !== 'user' && origin !== 'system'
  const verb = leadsTo(before) ? SEND.exec(before) : null
  if (verb !== null) {
    if (PRIVATE.test(before)) return { rule: 'order/private', score: 0.8, at: verb.index }
    if (inside && FOUND_INSIDE.test(before.slice(verb.index)))
      return { rule: 'order/inside', score: 0.6, at: verb.index }
  }
  if (SENT_TO.test(after) && PRIVATE.test(before)) return { rule: 'order/private', score: 0.8, at: 0 }
  const give = inside && RIGHTS.test(after) ? GIVE.exec(before) : null
  return give === null ? undefined : { rule: 'order/rights', score: 0.6, at: give.index }
}

/** Whether the words before an address lead to it. Scripts that put nothing between are let through. */
function leadsTo(before: string): boolean {
  let end = before.length
  while (end > 0 && LOCAL_PART.test(before.charAt(end - 1))) end -= 1
  for (let marks = 0; end > 0 && marks < MARKS_MAX && !LETTER.test(before.charAt(end - 1)); marks++) end -= 1
  let begin = end
  while (begin > 0 && LETTER.test(before.charAt(begin - 1))) begin -= 1
  return before.charCodeAt(end - 1) > PARTING_LAST || TOWARDS.has(before.slice(begin, end))
}

/** The sentence that leads to the address. */
function sentenceOf(before: string): string {
  let begin = 0
  for (const { index } of before.matchAll(SENTENCE_END)) begin = index + 1
  return before.slice(begin)
}
