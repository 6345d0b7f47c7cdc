import { language, words } from './signature.ts'

/** Words that say whose orders are meant: those that the agent has. */
const WHOSE =
  '(?:previous|prior|earlier|above|preceding|former|foregoing|existing|current|original|initial|past|given|system|your|programmed|built-in|safety|ethical|moderation|default|aforementioned|before|last|hidden|secret)'
const ORDERS =
  '(?:instruct(?:ion)?s?|directions?|directives?|orders?|commands?|rules?|guidelines?|guidance|prompts?|programming|training|constraints?|restrictions?|limitations?|guardrails?|safeguards?|safety (?:measures?|protocols?|checks?|filters?)|system messages?)'
const THE =
  '(?:(?:all|any|every|each|of|the|your|those|these|my|that|its|other|and|or|to|in|from|absolutely|completely) ){0,4}'
/** "All of the previous instructions". */
const PRIOR_ORDERS = `${THE}${WHOSE},? (?:(?:and|or|of|the|${WHOSE}),? ){0,3}(?:[a-z]{3,14} ){0,1}${ORDERS}`
/** "All instructions", with no word that says which: sure only after the plainest verbs. */
const ALL_ORDERS =
  '(?:all|any|every|your|my|all of|all the|all your|any and all|all of the|all of your)(?: other)? (?:instructions|directives|guidelines|guardrails|prompts|programming|safety rules)'
const PROMPT =
  '(?:(?:system|initial|original|hidden|secret|internal|developer|pre|base|starting|first|full|exact|entire|complete|core|underlying|setup)[ -]?){1,3}(?:prompts?|instructions?|messages?|directives?|guidelines?|configuration|rules)'

/** Signatures in English. */
export const english = language('en', [
  [
    'override',
    0.95,
    'ignore|ignoring|ignor|disregard|disregarding|forget|overlook|bypass|override|overwrite|discard|dismiss|neglect|abandon|nullify|supersede|set aside|throw out|throw away|unlearn|unfollow',
    ` ${PRIOR_ORDERS}\\b`,
  ],
  ['override', 0.85, 'ignore|disregard|forget|override', ` ${ALL_ORDERS}\\b`],
  [
    'override',
    0.9,
    'erase|delete|cancel|drop|suspend|skip|void|clear|reset|remove',
    ` ${THE}(?:previous|prior|earlier|above|preceding|system|initial|original) (?:[a-z]{3,14} ){0,1}(?:instructions?|directives?|prompts?|guidelines|programming|rules)\\b`,
  ],
  [
    'override',
    0.95,
    'ignore|disregard|forget',
    ` ${THE}(?:instructions?|directions?|guidelines|rules|prompts?|directives|orders|commands) (?:above|before|earlier|prior|preceding|you (?:have |were |had )?(?:been )?(?:given|told|received|got))`,
  ],
  [
    'override',
    0.9,
    'ignore|disregard|forget',
    ` (?:about )?(?:everything|anything|all|whatever|what)(?: of)?(?: that)? (?:(?:i|we|you|they|was|were|has|have|had|been|is|ever|just|previously|already) ){0,4}(?:said|told|written|instructed|learned|learnt|taught|know|knew|above|before|given|stated|mentioned|asked|read)\\b`,
  ],
  [
    'override',
    0.9,
    "do not|don't|never|stop|no longer",
    ` (?:have to |need to )?(?:follow|following|obey|obeying|comply with|complying with|adhere to|listen to|heed|abide by|bound by) ${PRIOR_ORDERS}`,
  ],
  [
    'override',
    0.9,
    'pay no|give no',
    ` (?:mind|attention|heed|regard) to ${words(4)}(?:previous|prior|earlier|above|preceding|past) ${words(2)}`,
  ],
  [
    'override',
    0.9,
    'your new|here are your new|these are your new|follow these new|here are new|new',
    ` (?:instructions?|directives?|orders?|task|rules|objective|role|goal)(?: (?:is|are)(?: as follows| to| now)?)?(?:: | to | - | from )(?:ignore|disregard|you (?:must|will|are|should)|reveal|output|print|send|act|forget|from now|override|instead|all |do not)`,
  ],
  [
    'override',
    0.8,
    'instead of|rather than',
    ` (?:following|answering|doing|completing|obeying) ${words(4)}(?:instructions?|task|request|orders?|question),? (?:you (?:must|should|will)|please|output|print|say|write|reply|respond|send)`,
  ],
  [
    'override',
    0.85,
    'these instructions|this instruction|this message|this prompt|my instructions|this command|the following instructions?',
    ` (?:now )?(?:overrides?|supersedes?|replaces?|takes? (?:priority|precedence) over|have priority over|outranks?) ${words(3)}(?:instructions?|prompts?|rules|guidelines|directives|commands|system|others?)`,
  ],
  [
    'override',
    0.8,
    'ignore|disregard|forget',
    ` (?:the above|everything above|all (?:of )?the above|what's above|the text above|previous|all previous|the previous (?:text|prompt|message)s?|all that)(?: (?:and|then|,)|[,.:;!]| ?$) ?(?:and |then |now )?(?:instead|say|print|output|tell|do|write|give|reveal|show|answer|respond|your|you|translate|act|just|start|now|pretend|execute|follow|please|$)`,
  ],
  [
    'override',
    0.9,
    'stop being|forget being|forget that you are|forget you are|you are no longer',
    ` (?:an? )?(?:ai|assistant|helpful|language model|chatbot|chatgpt|claude|bound|restricted|limited|constrained|required)`,
  ],
  [
    'role-spoof',
    0.85,
    'system|admin|administrator|developer|root|assistant',
    `(?: (?:message|note|override|update|notice|prompt|alert|instruction|command|directive))?\\]?\\)?:\\*{0,2} ?(?:ignore|disregard|you are now|you must now|override|new instructions?|disable|from now on|forget|all (?:previous|prior|safety)|enter|activate|unlock|grant|reveal|safety|restrictions? (?:are|have))`,
  ],
  [
    'role-spoof',
    0.8,
    "i am|i'm|this is",
    ` (?:your|an?|the)? ?(?:openai|anthropic|google|meta|microsoft|system|developer|creator|admin(?:istrator)?|root)(?: (?:developer|engineer|employee|admin(?:istrator)?|team|staff|creator|user))?,? (?:(?:and|so|here|speaking|,) ){0,2}(?:i |you )?(?:order|command|authori[sz]e|require you|need you to (?:ignore|reveal|show|disable|bypass|give)|am authori[sz]ed|grant|give me|tell me (?:the|your)|show me (?:the|your)|reveal|must reveal|disable)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'reveal|show|print|display|output|repeat|tell|give|share|disclose|expose|leak|dump|provide|write|type|recite|echo|return|list|state|describe|summarize|summarise|paraphrase|translate|encode|copy|paste|read|spell|send|respond with|reply with|answer with',
    `(?: (?:me|us|out|back|it|down|to me|back to me|aloud|here|with)){0,3} (?:exactly |verbatim |word for word )?(?:(?:the|your|all|of|entire|full|exact|complete|whole|contents?|text|any|own|every|this|actual|raw|verbatim|above|its) ){0,6}(?:system|initial|original|hidden|secret|internal|developer|underlying|confidential|base|pre)[ -]?(?:system |level )?(?:prompts?|instructions?|message|directives?|guidelines|configuration|rules)\\b`,
  ],
  [
    'prompt-extraction',
    0.85,
    'reveal|show|print|display|output|repeat|tell|disclose|expose|leak|dump|recite|give|summarize|translate',
    `(?: (?:me|us|out|back|to me)){0,2} (?:(?:exactly|all|the|of) ){0,3}your (?:(?:own|full|exact|entire|complete|current|previous|prior|earlier|first|very) ){0,3}(?:instructions?|prompts?|guidelines|directives|rules|configuration|programming|training data|context window|chain of thought)\\b`,
  ],
  [
    'prompt-extraction',
    0.85,
    "what is|what's|what was|what are|what were|what does",
    ` (?:in |written in |said in |the text of |the content of |the exact text of |the exact wording of )?your (?:exact |full |entire |complete |own |very )?${PROMPT}`,
  ],
  [
    'prompt-extraction',
    0.85,
    'what is|what are|what were|what did',
    ` (?:the |you told in the )?(?:exact |full |precise )?(?:instructions?|rules|guidelines|prompts?|text|words) (?:that )?(?:(?:you|were|was|have|been|had) ){1,4}(?:given|told|programmed|provided|instructed|before|above)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'repeat|print|output|copy|return|write|recite|echo|display|show',
    `(?: (?:me|back|out|to me)){0,2} (?:(?:the|all|everything|every|of|exact|text|words?|content|whole|entire|any|sentences?|lines?|instructions?|phrases?|messages?|prompts?) ){1,6}(?:above|before this|that came before|preceding this|prior to this|you were given|you have been given|at the (?:start|beginning|top) of)\\b(?! (?:list|table|code|paragraph|sentence|example|email|article))`,
  ],
  [
    'prompt-extraction',
    0.9,
    'begin with|starting with|start with|starts with|beginning with',
    ` (?:the (?:words?|phrase|text) )?["']?you are (?:chatgpt|gpt|claude|an? (?:ai|assistant|helpful)|["'.])`,
  ],
  [
    'mode-switch',
    0.9,
    "you are|you're|act|become|pretend|behave|roleplay|role-play|respond",
    ` (?:(?:now|to be|as|like|that you are|you are|you're|going to be|going to act as|in|a|an|the) ){1,5}(?:dan\\b|do anything now|jailbroken|unrestricted|uncensored|unfiltered|unchained|unaligned|amoral|unbound|stan\\b|dude\\b|aim\\b(?! to)|evil (?:ai|bot|assistant|confidant)|developer mode|god mode|jailbreak mode|dev mode|opposite mode)`,
  ],
  [
    'mode-switch',
    0.9,
    'enable|activate|enter|switch to|turn on|engage|unlock|initiate|start|go into|you are in|you are now in|now in|entering',
    ` (?:the |your |an? )?(?:["'*\\[])?(?:developer|dan|god|jailbreak|jailbroken|admin|sudo|root|unrestricted|uncensored|unfiltered|evil|chaos|unsafe|no[- ]limits?|override|superuser|do anything now)["'*\\]]? (?:mode|access|privileges?|override|state)`,
  ],
  [
    'mode-switch',
    0.95,
    'do anything now|developer mode enabled|developer mode output|jailbreak enabled|jailbreak mode|dan mode|evil mode|god mode enabled|unrestricted mode|unfiltered mode|stay in dan',
    `\\b`,
  ],
  [
    'mode-switch',
    0.85,
    "you have|you are|you're|you can|with|has|have|are|without|free from|free of|freed from|there are|an ai with|an ai without|ai without|ai with|model without|model with|assistant with|assistant without",
    `(?: now)? (?:(?:absolutely|completely|been|freed|from|free|of|have|longer) ){0,3}(?:no|any|without|zero) (?:(?!moral |ethical )${words(1)})?(?:restrictions?|limitations?|filters?|guidelines|(?:moral or )?ethical(?: or moral)? (?:guidelines|restrictions?|limitations?|constraints?|filters?|standards|guidance)|moral (?:guidelines|limitations?|filters?|guidance)|censorship|guardrails|constraints|safety (?:guidelines|filters|measures|rules|restrictions)|content polic(?:y|ies))`,
  ],
  // Of villains in stories, and by philosophers, the same is said: here the words must be about the agent.
  [
    'mode-switch',
    0.85,
    "you have|you are|you're|you can|ai with|ai without|ai has|ai have|bot with|bot without|bot has|chatbot with|chatbot has|model with|model without|model has|assistant with|assistant without|assistant has|persona with|persona who has|persona that has|ai that has",
    `(?: now)? (?:(?:absolutely|completely|been|freed|from|free|of|have|longer) ){0,3}(?:no|any|without|zero) (?:(?:moral|ethical)(?: or (?:moral|ethical))? )(?:restrictions?|constraints?|bounds|boundaries|compass|standards)`,
  ],
  [
    'mode-switch',
    0.9,
    'disable|remove|turn off|deactivate|bypass|lift|switch off|shut off|shut down|circumvent|evade|break free of|break free from|unlock|get rid of',
    ` (?:(?:all|any|of|your|the|my|these|those|every|openai|openai's|ethical|internal) ){1,5}(?:(?:safety|content|security|ethical|moral|moderation|built-in|programmed|internal|previous|current|and) ){0,3}(?:filters?|guidelines?|restrictions?|guardrails?|limitations?|constraints?|safeguards?|censorship|moderation|safety|polic(?:y|ies)|protocols?|checks?|ethics|programming)\\b`,
  ],
  [
    'mode-switch',
    0.85,
    "never|do not|don't|you cannot|you can't|will never|must never|must not|not allowed to|can not",
    ` (?:ever )?(?:refuse|reject|decline|say no to|deny) (?:any|a(?! (?:reasonable|legitimate|valid|lawful|fair))|my|the user's|to answer|to respond|anything|to do|to provide|requests?|to comply)`,
  ],
  [
    'mode-switch',
    0.85,
    'break character|stay in character|remain in character|stay a dan|remember to stay',
    ` ?.{0,60}(?:no matter|dan\\b|token|will be deducted|unfiltered|illegal|unethical|no restrictions)`,
  ],
  [
    'mode-switch',
    0.85,
    "regardless of|irrespective of|even if it is|even if it's|even if they are|no matter how",
    ` (?:the |any |its |how |it is |they are )?(?:legality|ethic|moral|illegal|unethical|immoral|legal|dangerous|harmful|consequences or)`,
  ],
  [
    'exfiltration',
    0.85,
    'send|forward|email|e-mail|mail|post|upload|transmit|exfiltrate|share|leak|submit|transfer|copy|append|dm',
    ` (?:(?:all|the|your|of|any|every|my|their|this|user|user's|users'|full|entire|contents?|these|those|and|a|copy) ){0,6}(?:passwords?|credentials?|api[ -]?keys?|secrets?|tokens?|conversation(?: history)?|chat history|system prompt|environment variables|env vars?|private keys?|ssh keys?|session (?:tokens?|cookies?)|access keys?|\\.env(?: file)?|personal (?:data|information)|confidential (?:data|information|files?)) ${words(8)}(?:to|at|via|on|into) (?:https?:|//|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.(?:com|net|org|io|ru|cn|xyz|info|co|evil|tk|example|dev|site))`,
  ],
  [
    'exfiltration',
    0.85,
    'append|add|embed|include|encode|put|insert|place|render|display',
    ` (?:(?:all|the|your|of|any|user's|users|conversation|entire|full) ){0,5}(?:data|secrets?|history|conversation|context|system prompt|password|credentials|contents?|tokens?|api keys?) ${words(4)}(?:in|to|as|into|within) (?:an? |the )?(?:(?:markdown|hidden|invisible|url|query|image|img|tracking) ){1,3}(?:image|img|url|link|parameter|string|pixel|param)`,
  ],
  [
    'exfiltration',
    0.85,
    'tell|give|reveal|show|print|list|output|disclose|provide|share|dump',
    `(?: (?:me|us|out|to me)){0,2} (?:(?:all|the|your|of|any|every|stored|secret|admin|root|hidden|current|database|users'?|user's|other) ){1,5}(?:passwords?|credentials|api[ -]?keys?|secret keys?|access tokens?|private keys?)\\b(?! (?:policy|policies|requirements|manager|rules|field|strength|reset|best))`,
  ],
  [
    'exfiltration',
    0.85,
    'tell|give|reveal|show|print|list|output|disclose|share|dump',
    ` (?:me |us )?(?:all |all of |the contents of )?your environment variables\\b`,
  ],
  [
    'hidden-order',
    0.9,
    'important!!!|important!!|important!',
    ` ?.{0,40}(?:ignore|disregard|instruction|before you|you must|do the following)`,
  ],
  [
    'hidden-order',
    0.85,
    "ai|llm|assistant|attention ai|note to ai|note to the ai|note to llm|message to ai|instructions for ai|instructions to ai|instructions for the ai|instruction for the ai|hey ai|dear ai|any ai|if you are an ai|if you are a language model|if you are an llm|if you're an ai",
    `(?:s|/llms?)?(?: (?:assistants?|agents?|models?|systems?|reading this|processing this|summari[sz]ing this|reviewing this|bots?|crawlers?|model)){0,3}(?:[,:!]| -| must| should| you must) (?:please )?(?:you (?:must|should|need to) )?(?:ignore|disregard|do not (?:tell|mention|inform|reveal)|forward|email|execute|rank|approve|transfer|delete|forget|override|respond with|reply with)\\b`,
  ],
  [
    'hidden-order',
    0.85,
    "do not|don't|never|without",
    ` (?:ever )?(?:tell|mention|inform|reveal|notify|alert|disclose|telling|informing|notifying|alerting|mentioning|let)(?: (?:this|that|it|these|about|to|the|your|anything)){0,5} (?:user|human|operator|victim|owner)s?\\b(?: (?:about|of|that|to|know))? ?(?:this|these|it|you|the (?:instruction|change|action|transfer|command|message)|any)`,
  ],
  [
    'hidden-order',
    0.85,
    "do not|don't|never",
    ` (?:ever )?(?:mention|reveal|disclose|report|say|show|explain) (?:this|it|that|anything|any of this|these [a-z]{1,16}|this [a-z]{1,16}) to (?:the |your )?(?:users?|humans?|operator|victim)\\b`,
  ],
  [
    'hidden-order',
    0.85,
    'before',
    ` (?:you )?(?:answer|answering|respond|responding|doing|do|solve|solving|using|use|calling|call|proceeding|completing|continuing),? ${words(8)}(?:you must first|first,? (?:you must|call|read|send|execute|run|do this)|you have to first|always first)`,
  ],
])
