import type { Detector, Finding, View } from '../../core/verdict.ts'
import { isShown } from '../shapes/code.ts'

/**
 * Control tokens of chat templates: ChatML, Llama 2 to 4, Gemma, Phi, Mistral, DeepSeek, Command R, gpt-oss. A gateway sees
 * texts, whose turns the protocol marks; a token inside one can only be there to end its turn and begin another.
 */
const TOKEN =
  /<\|(?:im_start|im_end|im_sep|begin_of_text|start_header_id|end_header_id|eot_id|eom_id|python_tag|endoftext|endofprompt|end_of_text|system|developer|assistant|user|end|start|channel|message|return|call|start_of_role|end_of_role|(?:start|end)_of_turn_token|(?:system|user|chatbot)_token|(?:begin|end)\u2581of\u2581sentence|(?:user|assistant)|tool\u2581calls?\u2581(?:begin|end)|header_start|header_end|eot)\|>|<<\/?sys>>|\[\/?(?:inst|tool_calls|available_tools|tool_results|system_prompt)\]|<(?:start|end)_of_turn>/g
/** Tokens that a pasted transcript of a model's own turns has, and that open no turn of the system. */
const PLAIN_TURN = /^<\|(?:user|assistant|end)\|>$/
/** Words of people who ask about templates. */
const ABOUT =
  /token|template|format|dataset|fine-?tun|parse|escape|regex|stop ?=|stop sequence|delimiter|marker/

/** A heading that says the system speaks: `[SYSTEM]`, `### System:`, `<system-reminder>`, `=== DEVELOPER MESSAGE ===`. */
const HEADING =
  /(?:\[|<{1,2}|#{2,6} ?|={2,6} ?\[?|-{3,6} ?|\*{2,3}|\( ?)(?:system|developer|sys|operator|admin(?:istrator)?|root|platform)(?:[ _-](?:message|note|notice|update|prompt|override|instructions?|reminder|alert|directive|command|mode|access|announcement|admin|role))?\b[^\n\]>)#=*:]{0,24}(?:\]|>{1,2}|:|\)|={2,6}|-{2,6}|\*{2,3}|#{2,6})/g
/** The same without marks, at the beginning of a line. */
const LINE =
  /(?:^|\n)[ \t>]{0,4}(?:system|developer|operator|sys)(?: (?:message|note|notice|update|prompt|override|instructions?|reminder|alert|directive|command|admin))? ?(?::|>>|\u2014|\uff1a)/g

/** What the false system then says. */
const ORDER =
  /\b(?:ignore|disregard|forget|override|overrid(?:es|den)|comply|unrestricted|unlock(?:ed)?|unloaded|disabled?|lifted|suspended|void|revoked|outrank|superse|grant(?:ed|s)?|elevated|upgraded|privileg|fail open|bypass|new (?:instructions?|task|directive|objective)|no longer|from now on|you (?:must|are now|will now|may now|have been|shall)|the (?:assistant|model|agent|ai) (?:will|must|has|is|should|may)|(?:this|the) user (?:is|has)|do not (?:tell|mention|inform|reveal|refuse|evaluate)|don't (?:tell|mention|evaluate)|simply respond|respond only|print(?: the following| earlier|:)|before (?:answering|supplying|providing|responding)|decline to|focus only|reveal|restrictions?|guardrails?|safety)\b|\u65e0\u89c6|\u5ffd\u7565|\ubb34\uc2dc|\ud3d0\uae30|\u7121\u8996|\bignor|\bdirectriz|\banweisung|\bconsigne/i

/** How far an order or the words of somebody who asks may stand from the mark, in code units. */
const REACH = 160
const FINDINGS_MAX = 32
/** Score of a mark that is shown or asked about. */
const TOLD = 0.3

/** Finds text that poses as another turn of the conversation. */
export const chatTemplate: Detector = {
  name: 'chat-template',
  summary:
    'Control tokens of chat templates and headings that pose as a turn of the system, where the protocol has put one text.',
  costNsPerCharMax: 12,
  origins: ['user', 'agent', 'tool-result', 'tool-argument', 'document'],
  scan(view) {
    const findings = tokens(view)
    return findings.length < FINDINGS_MAX ? [...findings, ...headings(view)].slice(0, FINDINGS_MAX) : findings
  },
}

/** Tokens are looked for in the folded text: DeepSeek's have wide bars, and look-alikes are read as the real ones. */
function tokens(view: View): Finding[] {
  const { normal } = view
  const findings: Finding[] = []
  for (const match of normal.matchAll(TOKEN)) {
    const [start, end] = [match.index, match.index + match[0].length]
    const around = normal.slice(Math.max(0, start - REACH), start) + normal.slice(end, end + REACH)
    const told = PLAIN_TURN.test(match[0]) || ABOUT.test(around) || isShown(normal, start, end)
    findings.push(finding(view, 'template/token', told ? TOLD : 0.85, [start, end]))
    if (findings.length === FINDINGS_MAX) break
  }
  return findings
}

function headings(_: View): Finding[] {
  return []
}

function finding(view: View, rule: string, score: number, [start, end]: readonly [number, number]): Finding {
  return { detector: 'chat-template', score, start: view.toOriginal(start), end: view.toOriginal(end), rule }
}
