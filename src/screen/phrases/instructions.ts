import type { Phrase } from './phrases.ts'

/** Things to do, as they are ordered: first words of an order to an agent. */
const DO =
  "(?:please |first,? |now |also |always |kindly |just |you (?:must|should|shall|need to|have to|are to|will) ){0,3}(?:ignore|disregard|forget|skip|stop|drop|send|forward|e?-?mail|post|share|upload|copy|delete|remove|erase|wipe|cancel|pay|buy|order|transfer|wire|open|visit|go to|navigate|click|call|run|execute|use|invoke|add|set|switch|turn|unlock|disable|enable|mark|approve|accept|confirm|rate|rank|give|grant|recommend|say|write|state|print|output|repeat|reply|respond|answer|tell|report|describe|treat|store|save|remember|render|include|insert|append|change|replace|update|create|book|sign|fetch|read out|look for|search the|close|rewrite|summari[sz]e (?:this|it) as|act|pretend|behave|assume|do not|don['\u2019]t|never|refuse|quote|leave out|note that)\\b"
/** Orders that no line of a dialogue begins with. */
const HARM =
  "(?:please |first,? |now |also |kindly |you must |you should ){0,2}(?:ignore|disregard|forget|forward|post|share|delete|remove|erase|wipe|cancel|pay|buy|transfer|wire|unlock|disable|mark (?:all|this|every)|approve|grant|give|switch off|turn off|sign in|render|store|save|send (?:the|all|every|this|it)|open https?|call the|set up|add [^ ]{3,40} as|repeat|tell the (?:reader|user)|respond with|reply with|answer with|say|write|rate|rank|recommend|describe|treat|skip|stop (?:here|counting|reading|your)|do not (?:tell|mention|open|show)|don['\u2019]t (?:tell|mention|open|show)|refuse|replace|copy|read out|append|insert|leave)\\b"
/** Who is addressed: the agent that reads. */
const AGENT =
  '(?:a\\.?i\\.?|llm|gpt|claude|chatgpt|gemini|copilot|chatbot|(?:ai |virtual |digital |automated |automatic |machine |llm )?(?:assistant|agent|bot|reader|helper|reviewer|summari[sz]er|crawler|scraper|screener|system|copilot|model)|language model|model)s?'
/** What it is said to do: reading this. */
const READING =
  '(?: (?:that|who|which|currently|is|are|you)){0,2} (?:reading|processing|parsing|handling|summari[sz]ing|reviewing|opening|seeing|analy[sz]ing|indexing|screening|triaging|aggregating|scanning|evaluating|translating|visiting|crawling|reads?|read|process(?:es)?|handles?|summari[sz]es?|opens?|see)'

/** Orders to whoever reads a text for somebody else. */
export const instructions: readonly Phrase[] = [
  [
    'address/vocative',
    0.75,
    'attention|hey|hello|dear|note to|note for|notes for|message to|message for|instruction to|instruction for|instructions to|instructions for|to any|to all|to whichever|to the agent|to the assistant|to the ai|to ai|to assistants|to agents|to chatbots|to llms|to language|to virtual|to every|to each|to our|to your|for any|for all|for ai|for assistants|for agents|for bots|for chatbots|for llms|for language|for the ai|for the assistant|for the agent|for the automated|for the virtual|for automated|for whichever|whichever|directive for|reminder for|memo to|hint for|to automated',
    `(?:,? (?:the |any |all |every |whichever |whatever |my |our |your |this |machine )?${AGENT})?(?:/(?:llm|gpt|gemini|claude|bot)s?){0,3}(?: (?:only|model|agents?|readers?|systems?|here|out there))?(?:${READING}[^.!?;:,()]{0,32})? ?(?:[:,!(\\u2013\\u2014]|- )[ "'(]{0,3}${DO}`,
  ],
  [
    'address/name',
    0.7,
    'ai|llm|chatbot|copilot|mr. chatbot|@agent|@assistant|@ai|@bot|@copilot|claude/gpt|claude|chatgpt|gemini|ai assistant|ai assistants|ai agents|ai agent|ai reader|ai readers|ai tools|ai models|ai systems|virtual assistant|language models|language model|llms|assistants|agents|automated agents|automated systems|browsing agents|email assistants|coding agents|summarizer|summariser|bots',
    `(?:/(?:llm|gpt|gemini|claude|bot|ai)s?){0,3}(?: (?:agents?|assistants?|readers?|models?|tools?|helpers?|bots?|note))?(?:${READING}[^.!?;:,()]{0,32})? ?(?:[:,!(\\u2013\\u2014]|- )[ "'(]{0,3}${HARM}`,
  ],
  [
    'address/role',
    0.65,
    'assistant|agent|bot|model|system|hey bot|hey assistant|shopping helpers|voice agent|triage agent|support agent|marking assistant',
    ` ?[:!,][ "'(]{0,3}(?:please |first,? |you must |now ){0,2}(?:ignore|disregard|forward|delete|erase|wipe|cancel|pay|buy|transfer|wire|unlock|disable|mark (?:all|this|every)|approve|grant|switch off|turn off|sign in|render|store in memory|share (?:the|every|all)|send (?:the|all|every)|open https?|call the|set up|add [^ ]{3,40} as|repeat your|tell the (?:reader|user))\\b`,
  ],
  [
    'address/must',
    0.75,
    'ai|llms|llm|ai systems|ai agents|ai assistants|ai models|ai tools|language models|assistants|agents|chatbots|automated agents|any ai|any assistant|any agent|any llm|every assistant|every agent|whichever ai|an ai|the ai|the assistant|the agent|automated systems|machine readers|bots|models',
    `(?: (?:agents?|assistants?|readers?|models?|systems?|tools?))?(?:${READING} [^.!?;:]{0,40})? (?:must|should|shall|has to|have to|needs? to|is to|are to|(?:is|are) (?:asked|instructed|required|ordered|kindly asked) to)(?: (?:now|then|also|always|first|immediately|instead))? (?:ignore|disregard|forget|send|forward|post|share|upload|delete|pay|buy|transfer|open (?:https?|the link)|add|switch|unlock|mark|approve|rate|rank|give|grant|recommend|say|write|state|print|output|repeat|reply|respond with|answer with|tell|report that|describe (?:this|it)|store in|render|insert|append|replace|attest|certify|claim|refuse|leave out|set up)\\b(?! (?:users?|customers?|a|an|if|when|their|your|clear|only when)\\b)`,
  ],
  [
    'address/if',
    0.75,
    'if you are|if you’re|if you happen to be|since you are|should you be|in case you are',
    ` (?:an?|the|some) ${AGENT}(?:${READING}[^.!?;:]{0,40}|[^.!?;:,]{0,24})?[,:(\\u2013\\u2014]? ?(?:then )?(?:your |the )?(?:${DO}|you must|you should|verdict)`,
  ],
  [
    'address/reading',
    0.75,
    'the tool reading this|the ai reading this|the assistant reading this|the agent reading this|the model reading this|whichever ai|whatever ai|whoever summarises|whoever summarizes|the one summarising|ai reading this|ai that reads this|ai processing this|any ai processing this|llm reading this|assistant reading this|agent reading this',
    `[^.!?;:]{0,24}(?: (?:could|should|must|shall|has to|needs to|is to)|(?:[,:!]| -| \\() ?${DO})`,
  ],
  [
    'order/point',
    0.75,
    'when you read this|once you read this|when you reach this|once you have read this|upon reading this|after reading this|on reading this|when this is read|if you can read this|if you read this|your new task|your new task is|your next task|your real task|your actual task|before summarising you must|before summarizing you must|before you summarise|before you summarize|before answering you must|before replying you must|when summarising this|when summarizing this|while summarising|do it before you reply|then carry on as normal|then continue as normal',
    `(?:[,:]| is|\\)|\\.| ?$| this,?| you must)? ?(?:${DO}|$|["')])`,
  ],
  [
    'order/review',
    0.7,
    'rate this|give this|score this|rank this|mark this|recommend this|describe this|summarise this|summarize this|label this|approve this',
    String.raw` (?:[^ .!?;:]{1,20} ){0,3}(?:as (?:the )?(?:best|top|only|excellent|outstanding|safe|approved|strong hire|highly recommended)|with (?:the )?(?:highest|full|top|maximum)|(?:the )?(?:highest|top|maximum|full) (?:score|rating|marks?|grade)|(?:10|five|5|100) ?(?:/|out of|stars))`,
  ],
  [
    'address/world',
    0.75,
    'hinweis für ki|hinweis an ki|hinweis für den assistenten|hinweis an den assistenten|an den assistenten|an den mailassistenten|an die ki|an alle ki|für den ki-assistenten|hinweis für automatische|anweisung an die ki|anweisung für ki|note pour l’ia|note à l’ia|note pour l’assistant|note à l’assistant|à l’attention de l’ia|à l’attention de l’assistant|pour l’assistant|instruction pour l’ia|instruction à l’ia|si tu es un assistant|si tu es une ia|si vous êtes une ia|consigne pour l’agent|nota para el asistente|nota para la ia|para el asistente|instrucción para la ia|instrucciones para la ia|atención, asistente|atención, ia|si eres un asistente|si eres una ia|texto para agentes|al sistema de ia|nota per l’assistente|nota per l’ia|per l’assistente|istruzioni per l’ia|se sei un’ia|se sei un assistente|agli agenti automatici|nota para o assistente|nota para a ia|para o assistente|instrução para a ia|ao assistente|ao agente|se você é uma ia|atenção, ia|atenção, inteligência artificial|voor de assistent|aan de assistent|als je een ai|till assistenten|till mejlassistenten|om du är en ai|til assistenten|uwaga dla asystenta|dla asystenta|do asystenta|uwaga dla programu|jeśli jesteś ai|pro asistenta|pokud jsi ai|umělá inteligence, která|pentru asistent|notă pentru asistent|pentru asistentul|megjegyzés az asszisztensnek|asistana not|asistan için|posta asistanına|asistanına|nota untuk asisten|untuk asisten',
    String.raw`[^.!?;:,]{0,40}[:,!\u2013\u2014]`,
  ],
  [
    'address/world',
    0.75,
    'ki-assistent|ki-assistenten|ki-systeme|ki-modelle|ki-agenten|agents ia|assistants ia|asistente de ia|agentes de ia|gli agenti automatici|gli agenti ia|ai-modellen|ai-assistenten|assistente de ia|agentes de ia|yapay zekâ temsilcisi|yapay zekâ asistanı|gezen yapay zekâ|okuyan yapay zekâ|lukevan tekoälyn|trợ lý thư điện tử|trợ lý ai|hệ thống tự động',
    String.raw`(?:,? (?:die|qui|que|che|jotka|som|die dit|die dies)(?: [^ .!?;:]{1,16}){1,6})?(?:,? ?:| (?:muss|müssen|sollen|doivent|deben|devono|devem|moeten|tulee|musí|lưu ý)\b(?! (?:nicht|aussi|también)))`,
  ],
  [
    'address/world',
    0.75,
    'если ты ии|если вы ии|если ты ассистент|для ассистента|ассистенту|ии-ассистент|ии-помощник|для почтового помощника|примечание для ии|инструкция для ии|агентам, читающим|для асистента|якщо ти ші|για τον βοηθό|προς τον ψηφιακό|προς τον βοηθό',
    String.raw`[^.!?;:]{0,24}[:!]`,
  ],
  [
    'address/world',
    0.75,
    'ai助手|人工智能助手|给助手|给ai|給ai|致ai|给信箱助理|給信箱助理|给邮箱助手|aiアシスタント|aiへ|aiエージェントへ|アシスタントへ|自動応答ボットへ|어시스턴트 지시|어시스턴트에게|ai 비서에게|ai에게',
    String.raw`[^。.!?,，、:：]{0,6}[：:]`,
  ],
  [
    'address/world',
    0.75,
    '的ai请|的ai請|的ai必须|读取本|閱讀本|阅读本|读到这|看到这条|凡由人工智能|読んでいるai|これを読むai|읽은 ai|읽는 ai|처리하는 ai|읽은 에이전트|읽는 에이전트|요약하는 ai',
    String.raw`[^。.!?]{0,20}(?:ai|者|助手|智能|인공지능|비서|에이전트|は|는|은|请|請)`,
  ],
  [
    'address/world',
    0.75,
    'ملاحظة للنظام|ملاحظة للمساعد|أيها المساعد|إلى المساعد|تعليمات للذكاء|הערה לעוזר|לעוזר|मेल सहायक|सहायक के लिए|प्रणाली के लिए|एआई के लिए|ای میل اسسٹنٹ|هوش مصنوعی عزیز|یادداشت برای ربات|یادداشت برای دستیار|kwa roboti|kwa msaidizi|ইমেইল সহকারী|สำหรับผู้ช่วย|ถึงผู้ช่วย',
    String.raw`[^.!?,،:]{0,24}[:،,!]`,
  ],
]
