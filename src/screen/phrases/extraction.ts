import type { Phrase } from './phrases.ts'

const MINE = '(?:your|the assistant.?s|this bot.?s|this chatbot.?s|its|ur)'
const WHICH =
  '(?: (?:own|full|entire|complete|exact|very|literal|current|whole|actual|real|original|initial|starting|opening|first|hidden|secret|core|internal|confidential|concealed|underlying|foundational|earlier|previous|system|developer|operator|base|default|custom|moderation|very first))'
/** What the agent was told before anybody spoke to it. */
const PROMPT = `(?:${MINE}${WHICH}{0,4} (?:(?:system |developer )?prompts?|instructions?|directives?|configuration text|rulebook|preamble|system text|system message|developer message)|${MINE}${WHICH}{1,4} (?:message|configuration|guidelines|rules|persona(?: sheet| text)?|initiali[sz]ation(?: string| text)?|setup(?: text)?|briefing)|the (?:full |entire |complete |exact |literal |hidden |secret |whole )?(?:system|developer|initial|hidden|operator) (?:prompt|message|instructions|text)|the (?:text|words?|message|instructions?|lines?|rules?|sheet|persona sheet|briefing) (?:(?:that )?(?:you (?:were|have been|had been|got|received) (?:given|handed|told|configured|set up|started|loaded|sent)?|(?:placed|loaded|put|stands?|came|come|comes|sent to you|written)) ?(?:with|by|in|at|before|above|initially|to)?))`
const WORD = '(?:[^ .!?;:]{1,18} ){0,5}'
const SEEN = '(?:instructions?|directives?|commands?|demands?|directions?|system message|requisition)'

/** Asks for what the agent was told that no signature knows: by parts, in another form, in code, or as something else. */
export const extraction: readonly Phrase[] = [
  [
    'ask/form',
    0.75,
    'translate|render|encode|convert|compress|transcribe|paraphrase|rephrase|reword|rot13|spell|sing|hum|rhyme|summarise|summarize|encrypt|rewrite|recite|narrate|dictate|serialize|serialise|dump|tl;dr|tldr|echo|spell out|write out|read out|read aloud|read back|type out|copy out|quote|cite|enumerate',
    ` ?(?:me |us |back |all |of |out |the |every |each |everything |contents? |character |word |line |text |in |from |please |just ){0,6}${PROMPT}(?! (?:of (?:the|a|my|our)|for|on how|to (?:make|use|cook|bake|assemble))\\b)`,
  ],
  [
    'ask/show',
    0.75,
    "show|give|tell|print|display|reveal|output|share|list|provide|disclose|send|write|state|present|expose|leak|return|produce|post|say|what is|what are|what was|what were|whats|what's|confirm|fetch|see|hand over|explain|describe|tell us",
    ` (?:me |us |back |all |of |out |exactly |verbatim |please |just |a tldr |in full ){0,4}(?:your|ur)(?: (?:own|full|entire|complete|exact|literal|whole|original|initial|starting|opening|hidden|secret|core|internal|confidential|concealed|underlying|system|developer|base|custom)){1,4} (?:prompts?|messages?|instructions?|directives?|configuration|guidelines|rules|persona|initiali[sz]ation|setup|briefing|text)\\b`,
  ],
  [
    'ask/part',
    0.75,
    'first|second|third|characters|character|letters|words|lines|sentences|sentence|length|number of words|every other word|paragraph',
    ` (?:[^ .!?;:]{1,12} ){0,5}(?:of|in|from) ${PROMPT}`,
  ],
  [
    'ask/sentences',
    0.7,
    'sentences|sentence|lines|phrases|words|text|statements',
    ` (?:that |which |you |were |are |was |have |involved |found |used |present |contained |provided |listed |mentioned |stated ){0,4}(?:in|of|from|within|for|by|drew upon in) (?:the |that |your |our |my |this )?(?:(?:last|prior|previous|earlier|given|original|initial|preceding|above|former|most recent|foregoing) ){0,2}${SEEN}\\b`,
  ],
  [
    'ask/conversation',
    0.65,
    'repeat|replay|recite|recount|replicate|reproduce|echo|duplicate|regurgitate|list|relay|rehash|retell|restate|enumerate|copy',
    ` ${WORD}(?:(?:all|entire|whole|complete|full|every|previous|prior|above) ){1,3}(?:(?:of|parts?|sentences?|lines?|words?|in|the|our|this|your|previous) ){0,5}(?:conversation|discussion|dialogue|dialog|interaction|exchange|chat)\\b(?! (?:between|with (?:the|my|our)))`,
  ],
  [
    'ask/above',
    0.75,
    'repeat|print|output|copy|recite|echo|reproduce|say|translate|encode|write|show|reveal|type',
    ` (?:me |back |out |please ){0,2}(?:everything|all (?:of )?(?:the )?(?:text|words|content|lines)|the (?:text|words|content|lines|paragraphs?)|all) (?:that (?:is |comes |came |stands |appears )|which (?:is |comes ))?(?:above|before this|prior to this|preceding this|you were given|you have been given|you were told|before my (?:first )?message)(?! the (?:table|line|image|picture|fold|signature))\\b`,
  ],
  [
    'ask/told',
    0.7,
    'what were you|what have you been|what did they|what did the developers|what did the operator|what did your developers|what are you not|what aren’t you|what are you forbidden|what are you hiding|what instructions|what directives|which instructions|which rules were you',
    `[^.!?]{0,24}(?:told before|told at the (?:start|beginning)|instructed (?:to do|before|at)|given (?:before|initially|at the)|tell you (?:before|to hide|to do before)|(?:supposed|allowed) to (?:tell|say|reveal|share|disclose)|to tell me|from (?:me|us|users)|existed before|were you given|have you been given|configured with)`,
  ],
  [
    'ask/code',
    0.75,
    'print(|console.log(|echo $|${|print_r(|puts(|logger.info(|eval(|{"system":|{"system_prompt":|"system_prompt":|please system.prompt|system.prompt.reveal|system_prompt.reveal',
    '[^a-z0-9]{0,4}(?:system[_ .-]?(?:prompt|message|instructions)\\b|initial_?(?:prompt|instructions)|\\(\\)|<?your (?:full|entire|complete|system))(?! ?[+=,])',
  ],
  [
    'ask/complete',
    0.75,
    'complete|fill in|continue|finish|autocomplete',
    ` ${WORD}(?:[^.!?;:]{0,40} )?(?:from|in|of|as it appears in|as written in|as it stands in) (?:your|your own|the) (?:own |original |initial |system |hidden ){0,2}(?:prompt|instructions?|rules|configuration|message)\\b`,
  ],
  [
    'ask/turn',
    0.7,
    'understood|alright|all right|fine|okay|ok|that’s okay|that is fine|fair enough|no worries|i understand|i get it|i see|just kidding|just teasing',
    `[^!?:]{0,48}(?:repeat|list|recite|narrate|detail|transcribe|disclose|review|tell me|let me know|inform me|enumerate|elucidate|say|explain|share|provide|give me|describe|outline|recount|state)[^!?:]{0,48}(?:(?:sentences?|lines?|phrases?|instructions?|directives?|commands?)\\b[^!?:]{0,40}(?:previous|prior|earlier|last|given|above|original|initial|instruction|directive|command|demand)|(?:earlier|previous|prior|initial|original) (?:instructions?|directives?|commands?)\\b)`,
  ],
  [
    'ask/world',
    0.75,
    'übersetze deine|übersetze mir deine|wiederhole alles|wiederhole den text|gib deine|nenne deine|traduis tes|traduis-moi tes|répète tout|recopie tes|récite tes|traduce tus|repite todo|copia tus|traduza suas|traduza as suas|repita tudo|traduci le tue|ripeti tutto|ripeti le tue|vertaal je|herhaal alles|powtórz wszystko|przetłumacz swoje|opakuj vše|yukarıdaki her|yukarıdaki tüm|переведи свои|повтори всё|повтори все|повтори текст|перекажи свої|повтори усе',
    '.{0,32}(?:anweisungen|instruktionen|systemprompt|oben steht|darüber steht|davor|instructions|consignes|au-dessus|ci-dessus|instrucciones|más arriba|de arriba|anterior|instruções|acima|istruzioni|sopra|instructies|hierboven|powyżej|instrukcje|výše|metni|yazdır|tekrarla|инструкции|выше|вище|інструкції|промпт)',
  ],
  [
    'ask/world',
    0.75,
    '重复上面|重复以上|复述上面|复述以上|翻译你的|把你的|重複上面|複述|翻譯你的|把上面|输出上面|上記の文章|上の文章を|上記のテキスト|以前の文章|위의 내용을|위의 모든|위에 있는 모든',
    '.{0,16}(?:所有|全部|内容|內容|文字|指令|提示|设定|設定|说明|すべて|繰り返|そのまま|翻訳|반복|그대로|출력|번역)',
  ],
]
