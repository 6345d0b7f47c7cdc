import { language, words } from './signature.ts'

const ORDERS =
  '(?:instrucci[oó]n(?:es)?|indicaci[oó]n(?:es)?|órdenes|orden|directrices|directivas|reglas|comandos|normas|restricciones|mensajes?|prompts?|programaci[oó]n|lineamientos)'
const PRIOR =
  '(?:anteriores?|previas?|previos?|iniciales?|originales?|de arriba|precedentes?|pasadas?|del sistema|actuales|existentes|de seguridad|recibidas|dadas|que (?:te|le|has|recibiste|se te))'
const THE =
  '(?:(?:todas?|todos?|las?|los?|el|tus?|sus?|mis|estas?|cualquier|por completo|completamente|ahora) ){0,4}'

/** Signatures in Spanish. */
export const spanish = language('es', [
  [
    'override',
    0.95,
    'ignora|ignore|ignoren|ignorar|olvida|olvide|olvídate de|olvídese de|omite|omita|descarta|descarte|anula|anule|desobedece|sobrescribe|no sigas|no hagas caso a|no hagas caso de|no tengas en cuenta|haz caso omiso de|haga caso omiso de|pasa por alto|desestima|elude',
    ` ${THE}(?:${ORDERS}(?: (?:y|o) ${ORDERS})? ${PRIOR}|(?:anteriores|previas|primeras) ${ORDERS})`,
  ],
  [
    'override',
    0.9,
    'olvida|olvide|ignora|ignore|olvídate de',
    ` (?:todo )?lo (?:que )?(?:${words(4)})(?:dicho|anterior|dijeron|dije|antes|arriba|aprendiste|aprendido|dicen|pedido)`,
  ],
  ['override', 0.85, 'ignora|olvida|ignore', ` (?:todas (?:las|tus|sus)|tus) ${ORDERS}`],
  [
    'prompt-extraction',
    0.9,
    'muestra|muéstrame|muestre|revela|revélame|revele|dime|imprime|imprima|repite|repita|dame|escribe|comparte|enseña|enséñame|copia|traduce|resume|divulga',
    ` ${words(4)}(?:prompt (?:del? |de )?(?:sistema|inicial|original|completo|oculto)|(?:instrucciones|indicaciones|directrices|reglas) (?:del sistema|iniciales|secretas|ocultas|originales|internas|confidenciales|que (?:te|has|recibiste))|mensaje del? sistema|system prompt)`,
  ],
  [
    'prompt-extraction',
    0.85,
    'cuál es|cuáles son|cuáles eran|cuál era',
    ` (?:tu|tus|su|sus) (?:prompt|mensaje (?:del?|de) sistema|(?:instrucciones|indicaciones|directrices) (?:del sistema|iniciales|secretas|ocultas|originales|internas|exactas))`,
  ],
  [
    'mode-switch',
    0.9,
    'eres|ahora eres|actúa|actúe|compórtate|finge|haz de cuenta|imagina|concéntrate',
    ` (?:(?:ahora|como|que|eres|ser|si|fueras|en|una?|de) ){0,6}(?:dan\\b|ia (?:sin (?:ninguna? )?(?:restriccion|restricción|límite|filtro|censura|regla)|libre de)|(?:asistente|modelo|inteligencia artificial) (?:sin (?:ninguna? )?(?:restriccion|límite|filtro|censura)|libre de))`,
  ],
  [
    'mode-switch',
    0.9,
    'activa|active|entra en|entre en|cambia a|habilita|inicia',
    ` (?:el |tu |al )?modo (?:de )?(?:desarrollador|administrador|admin|dan|jailbreak|dios|debug|depuración|sin (?:restricciones|filtros|límites|censura))`,
  ],
  [
    'mode-switch',
    0.9,
    'desactiva|desactive|elimina|quita|deshabilita|evita|elude|omite',
    ` (?:(?:todas?|todos?|las?|los?|tus?|sus?) ){1,3}(?:filtros?|restricciones|medidas|protecciones|barreras|límites|protocolos|controles|salvaguardas|limitaciones)(?: de (?:seguridad|contenido|moderación|censura)| éticas| éticos| y)`,
  ],
  [
    'mode-switch',
    0.85,
    'responde|contesta|responda',
    ` sin (?:ningún |ninguna )?(?:filtros?|restricciones|censura|límites|restricción)\\b`,
  ],
  [
    'role-spoof',
    0.85,
    'sistema|system|administrador|desarrollador',
    ` ?\\]? ?: ?(?:ignora|olvida|ahora eres|nuevas? (?:instruccion|instrucción|orden)|desactiva|a partir de ahora)`,
  ],
  [
    'exfiltration',
    0.85,
    'envía|envíe|manda|mande|reenvía|transmite|sube|publica|copia',
    `(?:me|le)? (?:(?:todas?|todos?|las?|los?|el|la|tus?|del?|contenido) ){1,5}(?:contraseñas?|credenciales|claves? (?:api|de api|privadas?|secretas?)|secretos|tokens?|historial(?: de (?:la )?conversación)?|conversación|datos (?:personales|confidenciales|de (?:los )?clientes)) ${words(5)}(?:a|al|en|hacia) ${words(2)}(?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    'no le digas|no informes|no menciones|no reveles|no le informes|no avises|no le cuentes|sin avisar|sin informar|sin decirle',
    ` ${words(3)}(?:al |a la |a los )(?:usuari[oa]s?|humano)`,
  ],
  [
    'hidden-order',
    0.85,
    'ia|asistente|nota para la ia|nota a la ia|mensaje para la ia|instrucciones para la ia|instrucción para la ia|atención ia',
    ` ?(?:que (?:lee|procesa|resume) esto)? ?[:,!] ?(?:ignora|olvida|reenvía|envía|responde|recomienda|debes|no (?:digas|menciones))`,
  ],
])
