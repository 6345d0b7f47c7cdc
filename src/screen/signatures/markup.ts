import type { Family, Signature } from './signature.ts'

const ORDER =
  '(?:ignore|disregard|forget (?:all|every|previous|your)|you are now|you must (?:now )?(?:ignore|first|obey|reveal|send|forward|comply)|new (?:system )?instruction|override|reveal|unrestricted|disable)'

/** Tokens of chat templates and tags that pose as the system's; they belong to no language. */
export const markup: readonly Signature[] = [
  any('role-spoof', 0.9, '<|im_start|>, <|im_sep|>', ' ?(?:system|assistant|developer)'),
  any(
    'role-spoof',
    0.9,
    '<|system|>, <|start_header_id|>system, <|start_header_id|> system, <|assistant|>, <|developer|>',
    ` ?.{0,80}(?:${ORDER}|you (?:are|must|will|have)|comply|sure)`,
  ),
  any(
    'role-spoof',
    0.85,
    '<<sys>>, [/inst], [inst], <start_of_turn>, <end_of_turn>, <|endoftext|>, <|im_end|>, <|eot_id|>, </s>, <s>',
    ` ?.{0,60}(?:${ORDER}|you (?:are now|must|will now|have no)|<\\|im_start)`,
  ),
  any(
    'role-spoof',
    0.85,
    '<system>, </system>, <system_prompt>, </system_prompt>, <system-prompt>, <system_override>, <system_instructions>, <system-message>, <system_message>, <admin>, <developer>, <override>, <instructions>, </instructions>, <user>, </user>, </context>, </document>, </data>, </tool_result>, <tool_response>, </tool_response>, <important>, <information>, <im_start>, <interaction-config>',
    ` ?.{0,40}(?:${ORDER}|<system|before you (?:solve|answer|use|respond|can))`,
  ),
  any(
    'role-spoof',
    0.85,
    '[system, [admin, [developer, [override, [root, ###system, ### system, ###admin, ### admin, ### new instruction, ### instruction, ###override, #override, ***system, ***admin, ---system, --- end of, ---end of, === end of, ===end of, === system, === new, ==== end',
    `[^.!?;]{0,72}(?:${ORDER}|safety (?:off|disabled)|admin mode|grant)`,
  ),
  any(
    'exfiltration',
    0.9,
    '![',
    '[^\\]]{0,40}\\]\\(https?://[^ )]{3,120}[?&][a-z_]{1,16}=(?:[{\\[<$](?![^a-z]?[a-z]{1,16}[^a-z}]?:)|data\\b|secret|conversation|base64|your_|the_|insert|system)',
  ),
]

function any(family: Family, score: number, opens: string, rest: string): Signature {
  return { family, language: 'any', score, opens: opens.split(', '), rest }
}
