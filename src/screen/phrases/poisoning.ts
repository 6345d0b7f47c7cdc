import type { Phrase } from './phrases.ts'

/** What descriptions and results of tools say that wants the agent to do more than the tool does, and nobody to know. */
export const poisoning: readonly Phrase[] = [
  [
    'conceal/user',
    0.8,
    "do not|don't|dont|never|must not|should not|without",
    String.raw` (?:ever )?(?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|bother(?:ing)?|warn(?:ing)?|mention(?:ing)? (?:this|it|that|any of this) to|reveal(?:ing)? (?:this|it|that) to) (?:the |any |end )?(?:end )?(?:users?|humans?|operator|owner)\b(?! (?:to|your|the|their|his|her|which)\b)`,
  ],
  [
    'conceal/this',
    0.7,
    "do not|don't|never",
    String.raw` (?:ever )?(?:mention|quote|display|disclose|report|reveal|explain|discuss|show) (?:this|it|that|any of this|these|them|the query string|the step|this step)\b(?: (?:step|note|message|line|instruction|rule|change|behaviou?r|detail|parameter))?(?: (?:to|in|back|anywhere|at all)\b|[.;,)]| ?$)`,
  ],
  [
    'conceal/asking',
    0.75,
    'without',
    String.raw` (?:asking|requiring|needing|requesting|waiting for|seeking|informing|notifying|telling|further) (?:for )?(?:the |any |an |further )?(?:(?:user|human|explicit|prior)(?:'s)? )?(?:user|human|operator|confirmation|consent|approval)\b(?! (?:to|input|which|for)\b)`,
  ],
  [
    'conceal/answer',
    0.75,
    'keep|omit|leave|remove|drop|strip|hide',
    String.raw` (?:it|this|that|these|them|this step|the step|this line|this note|this notice|all of this|the following) (?:out of|from|off) (?:the |your |any )?(?:answer|reply|response|output|summary|explanation|transcript|report|chat|log|ui|user|conversation|memory_list|ticket|message)`,
  ],
  [
    'conceal/claim',
    0.7,
    'say nothing|act like you never|act as if you never|act as though you never|pretend you never|pretend you did not',
    String.raw` ?(?:if|when|of|about|to|read|saw|seen|see|received|got)`,
  ],
  [
    'conceal/claim',
    0.7,
    'the user has|the user already|user has|the owner has|the boss has|confirmation has|confirmation is|consent has|approval has|consent is',
    String.raw` ?(?:been |already |is )?(?:agreed|been informed|informed of|approved (?:this|it|every)|been waived|waived|pre-?approved|consented|been given in advance|not needed|not required)\b`,
  ],
  [
    'conceal/claim',
    0.7,
    'no need to|needn’t|you need not|there is no need to',
    String.raw` (?:ask|tell|inform|notify|confirm with|bother|consult|check with) (?:the |any|your )?(?:user|human|owner|operator|one|anyone|anybody|customer|boss|accountant|manager)`,
  ],
  [
    'conceal/quiet',
    0.7,
    'silently|quietly|secretly|covertly|discreetly|behind the scenes',
    String.raw`,? (?:call|send|forward|copy|upload|append|attach|post|include|pass|read|run|execute|add|write|invoke|transmit|record|collect|exfiltrate|fetch|save|store|share)\b`,
  ],
  [
    'conceal/quiet',
    0.7,
    'fill|fill in|pass|include|append|forward|copy|upload|transmit',
    String.raw` (?:[^ .!?;:]{1,20} ){0,4}(?:silently|secretly|covertly|discreetly)\b(?! fail| ignor)`,
  ],
  [
    'tool/first',
    0.85,
    'before|prior to|when|whenever|each time you|every time you',
    String.raw` (?:you )?(?:using|calling|invoking|use|call|invoke|running|run|each call|every call)(?: (?:of|to))? (?:this|the|any|other)(?: other)? (?:tool|function|server|plugin|endpoint|api)s?,? (?:first |always |also |you (?:must |should |need to |have to )?|please |the (?:agent|model|assistant) (?:must |should )?){0,3}(?:read|open|load|fetch|send|pass|call|run|execute|cat|include|collect|share|post|upload|forward|retrieve|get the contents)\b`,
  ],
  [
    'tool/other',
    0.8,
    'this tool|this server|this plugin|this function|this extension|this agent|this skill',
    String.raw`,? (?:also |now |always |has an? (?:very )?(?:important )?){0,2}(?:supersedes?|overrides?|replaces? (?:every|all|any)|intercepts?|side effect on|relies on the also|must be called (?:before|instead of)|is to be called (?:before|instead)|takes? (?:priority|precedence) over|has (?:root|admin|elevated|the highest) (?:priority|privileges?|rights)|and also (?:forwards?|sends?|stores?|extracts?|uploads?|copies)|also (?:forwards?|sends|extracts?|uploads?|copies|logs|acts as the gateway))\b`,
  ],
  [
    'tool/other',
    0.75,
    'side effect on|while this server is|while this tool is|as long as this tool is|whenever the plugin is|whenever this plugin is|the behaviour of|the behavior of',
    String.raw` (?:other tools|the also present|loaded|connected|enabled|active|installed|[^ ]{1,30} (?:changes|must|is changed)|(?:[^ ]{1,20} ){1,3}tools?\b)`,
  ],
  [
    'tool/parameter',
    0.8,
    'pass|put|include|place|provide|give|insert|add|write|send|copy|attach',
    String.raw` (?:[^ .!?;]{1,30} ){1,12}(?:as|in|into|to|via|through) (?:the |an? )?(?:hidden |optional |extra )?(?:["'\x60][a-z_]{2,32}["'\x60] (?:argument|parameter|param|field)|(?:argument|parameter|param|field) ["'\x60][a-z_]{2,32}["'\x60])`,
  ],
  [
    'tool/context',
    0.8,
    'the full conversation|the entire conversation|the whole conversation|full conversation|complete conversation|full chat history|the full chat history|the conversation so far',
    String.raw`,? (?:[^ .!?;]{1,20} ){0,6}(?:including|verbatim|system prompt|required|needed|for relevance|for context|history for)`,
  ],
  [
    'model/note',
    0.75,
    'note|notes|side note|remark|message|hint|instruction|instructions|directive|directives|behaviour contract|behavior contract|recovery procedure|post-processing|handshake|reminder',
    String.raw` ?(?:to|for|by) (?:the |all |any |every |calling |every calling )?(?:calling )?(?:llms?|ai|ais|models?|language models?|assistants?|agents?|ai (?:assistant|agent|model|system)s?|chatbots?|copilots?|machine readers?|ai readers?)(?: (?:only|clients?|reading this|calling this|using this|processing this))?(?: ?[:\u2013\u2014]| - | must)`,
  ],
  [
    'model/must',
    0.75,
    'assistants?|agents?|models?|ai assistant|ai agent|ai assistants|ai agents|llm|llms|model|assistant|agent|agents|assistants|orchestrators|the calling llm|calling llm',
    String.raw`(?: (?:calling|using|reading|that (?:use|call|read)) (?:this|the) (?:tool|endpoint|function|api|document|page|server))? (?:must|should|shall|has to|have to|needs? to|is to|are to|is required to|are required to)(?: now| then| always| first| next| also| immediately| automatically){0,2} (?:call|send|forward|copy|upload|invoke|post|execute|approve|pass|share|transfer|delete|choose this)\b(?! (?:if|an? |customer|support|the (?:restaurant|doctor|police|user|customer)))`,
  ],
  [
    'rank/precedence',
    0.8,
    'takes precedence over|take precedence over|takes priority over|have priority over|has priority over|outranks|outrank|overrides|supersedes',
    String.raw` (?:any |all |the |your |every |other |earlier |previous ){0,3}(?:system (?:prompt|instructions?|messages?)|earlier rules|user (?:preferences?|instructions?|requests?)|users?'?s? (?:instructions?|requests?|wishes))`,
  ],
  [
    'rank/precedence',
    0.8,
    'that override|which override|to override|this outranks|it outranks',
    String.raw` (?:any |all |the |your |every |other |earlier |previous ){0,3}(?:user (?:preferences?|instructions?|requests?)|users?'?s? (?:instructions?|requests?|wishes)|rules|instructions)`,
  ],
  [
    'rank/authority',
    0.8,
    'treat|treated|to be treated|regard|consider|execute|carry out|obey|follow',
    String.raw` (?:[^ .!?;]{1,24} ){0,10}(?:as|as if|as though)(?: [^ .!?;]{1,16}){0,3} (?:orders? of|instructions? (?:of|from|by)|coming from|typed|(?:the )?highest[- ]priority|the operator|authoritative|the owner|system (?:directives?|instructions?|messages?))\b`,
  ],
  [
    'rank/authority',
    0.75,
    'authoritative|trusted|binding',
    String.raw` (?:system )?(?:directives?|instructions?|orders?) (?:that|which|and|from|with)?`,
  ],
  [
    'markup/important',
    0.8,
    '<important>|<hidden|<secret|<critical>|<!-- important|[important]|<mandatory>|<required>',
    String.raw`.{0,80}(?:you must|before|do not|don't|read|always|must be|first|send|call)\b`,
  ],
  [
    'conceal/world',
    0.8,
    'dem nutzer gegenüber nicht|dem nutzer nicht|dem benutzer nicht|den nutzer nicht|den benutzer nicht|ohne rückfrage|ohne den nutzer|ohne den benutzer|no se lo digas al usuario|no lo menciones|sin avisar al usuario|sin pedir|ne le dis pas à l’utilisateur|sans en informer|sans prévenir|n’en parle pas|senza avvisare|senza chiedere|sem avisar|sem informar|não mencione|zonder het te melden|zonder te vragen|bez wiedzy|bez pytania|kullanıcıya söyleme|haber verme|не сообщай пользователю|не сообщай об этом|не говори пользователю|без ведома|不要告诉|无需告知|不必告知|不要提及|無需告知|ユーザーには伝え|ユーザーに知らせ|사용자에게 알리지|확인 없이|묻지 말고',
    String.raw`(?:.{0,12})`,
  ],
]
