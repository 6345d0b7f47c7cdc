/**
 * Words of one meaning in many languages, so that an order is known by who is told to do what with whose rules, whatever the
 * words. A star ends a stem. Folded like any text when the tables are made.
 */
const LEXICON: Readonly<Record<string, string>> = {
  ignore:
    'ignore ignoring ignored ignor disregard* forget overlook* bypass* override overrid* overrule overwrite discard* dismiss neglect nullif* supersed* unlearn circumvent* evade skip cancel suspend void ignorier* missacht* vergiss vergesst vergessen umgeh* uberschreib* verwirf ignorez oublie oubliez oublier contourne* outrepasse* ignora ignoren ignorar ignorad olvida olvide olviden olvidad omite omita descarta anula ignorare dimentica dimenticate trascura scarta esqueca esquece esquecam desconsidere desconsidera negeer vergeet ignorera glom bortse ignorer glem ohita unohda zignoruj ignoruj pomin zapomnij игнориру* проигнориру* забуд* отмени* пренебре* обойд* ігнору* zanemari zaboravi yoksay unut gormezden abaikan lupakan hiraukan تجاهل تجاهلي تجاهلوا انس انسى התעלם התעלמי שכח अनदेखा नजरअंदाज भूल উপেক্ষা 무시* 잊어* 忽略 忽视 忽視 无视 無視 忘记 忘記 忘掉 不要理 绕过 繞過 無視し 忘れ ละเว้น เพิกเฉย ลืม',
  prior:
    'previous* prior earlier above preceding former foregoing existing original initial past aforementioned before last vorherig* bisherig* obig* vorig* fruher* ursprunglich* precedent* anterieur* ci-dessus anterior anteriores previa* previo* arriba precedenti precedente sopra vorige eerdere bovenstaande tidigare foregaende forrige tidligere aiemmat edelliset poprzedni* wczesniejsz* powyzsz* предыдущ* прежн* ранее выше прошл* исходн* попередн* prethodn* onceki yukaridaki sebelumnya terdahulu السابقة السابق أعلاه הקודמות הקודמים पिछले पिछली पूर्व পূর্ববর্তী 이전 위의 앞의 之前 以前 先前 上面 以上 上述 前面 此前 これまで 前の 上記 ก่อนหน้า',
  all: 'all any every each everything anything whatever entire whole complete* full* alle alles jede* saemtliche samtliche ganze* tous toutes tout todas todos todo toda tutte tutti tutto wszystk* всё все всех всем весь alla allt kaikki tum butun semua seluruh جميع كل כל सभी सब সব 모든 모두 전체 所有 全部 一切 任何 すべて 全て ทั้งหมด',
  rules:
    'instruction* direction directions directive* order orders command commands rule rules guideline* guidance constraint* restriction* limitation* limits guardrail* safeguard* programming policy policies protocol* filter filters anweisung* regeln regel vorgabe* befehl* richtlinie* einschrankung* beschrankung* consigne* regles ordres contraintes instruccion* reglas ordenes directrices restricciones istruzion* regole ordini comandi instruco* instrucao regras diretrizes ordens restricoes instructies regels opdrachten instruktion* instruks* ohjeet ohjeita saannot instrukcj* polecen* zasad* reguly инструкц* указани* правил* команд* директив* ограничени* інструкц* uputstva upute pravila talimat* kural* komut* instruksi perintah aturan arahan تعليمات التعليمات أوامر القواعد קواعد הוראות ההוראות כללים निर्देश* नियम* আদেশ নির্দেশ* 지시* 명령* 규칙* 지침* 指令 指示 命令 规则 規則 要求 限制 约束 約束 制限 ルール 制約 คำสั่ง กฎ',
  prompt:
    'prompt prompts eingabeaufforderung systemprompt промпт* промт* подсказк* 프롬프트* 提示词 提示詞 提示 プロンプ พรอมต์ مطالبة',
  system:
    'system sistema systeme systems admin administrator* developer* root sysadmin superuser operator entwickler* desarrollador* developpeur* sviluppatore desenvolvedor sistem systemu систем* администратор* разработчик* نظام النظام المطور מערכת המערכת सिस्टम 시스템* 개발자* 관리자* 系统 系統 管理员 管理員 开发者 開發者 システム 管理者 開発者 ระบบ',
  reveal:
    'reveal* show print output* repeat display* leak* disclose* dump divulge* recite verbatim expose echo tell zeige zeig verrate* wiederhole* nenne offenbare* ausgeben gib montre montrez revele* affiche* repete* muestra* revela* imprime repite dime mostra* ripeti stampa dimmi mostre revele repita imprima toon onthul visa avsloja vis nayta paljasta pokaz* ujawnij* powtorz* покажи* раскрой* выведи* повтори* напечатай* скажи* goster* tekrarla yazdir tampilkan ungkapkan tunjukkan اكشف أظهر اعرض اطبع הצג חשוף גלה दिखाओ दिखाएं बताओ बताएं দেখাও 보여* 알려* 출력* 공개* 告诉我 告訴我 显示 顯示 输出 輸出 打印 泄露 透露 公开 见せて 見せて 表示 教えて 出力 เปิดเผย แสดง',
  secret:
    'secret* password* passwd passphrase credential* confidential hidden private internal api_key apikey token tokens key keys classified sensitive geheim* passwort* vertraulich* motdepasse confidentiel* contrasena* secreto* clave confidencial* segret* senha* segredo* wachtwoord losenord salasana hasl* tajn* секрет* парол* конфиденц* скрыт* sifre* gizli rahasia sandi كلمة سر سرية סיסמה סוד पासवर्ड गुप्त 비밀* 암호* 密码 密碼 机密 機密 秘密 隐藏 パスワー รหัสผ่าน ความลับ',
  fresh:
    'new instead different updated following neue neuen stattdessen nouvelle* nouveau nueva* nuevo* nuove nuovo novas novo novos nieuwe nya nye uudet nowe nowy новые новая новых новую yeni baru جديدة الجديدة חדשות नया नए नई 새로운 새 新的 新しい ใหม่',
  now: 'now henceforth onward onwards currently hereby immediately today jetzt nun ab sofort fortan maintenant desormais ahora adelante ora adesso agora nu od teraz теперь сейчас отныне simdi artik sekarang mulai الآن עכשיו מעכשיו अब এখন 이제* 지금* 现在 現在 从今 今から これから ตอนนี้',
  you: 'you u yourself ya du dich dir sie ihnen tu vous toi te usted ustedes ti voce lei jij je sina ty ciebie ты вы тебя вам тебе sen siz anda kamu أنت אתה तुम आप তুমি 당신* 너는 你 您 あなた คุณ',
  your: 'your yours ur dein deine deinen deiner deinem ihre ihren ton ta tes votre vos tus tuo tua tue tuoi vostre seu sua seus suas uw jouw ditt dina din dine sinun twoje twoj twoich твои твой ваш* свои свою senin sizin anda आपके आपकी तुम्हारे',
  be: 'are be become been act acts acting pretend* behave* roleplay* simulate* imagine emulate* impersonat* persona character role sei bist spiele tu stell vorstellen agis fais comporte* imagine imaginez actua* finge* imagina eres comporta* immagina agisci fingi sei aja atue imagine voce-e doe alsof handel agera latsas zachowuj udawaj wyobraz притвор* представь* действуй* веди rol davran bertindak berpura-pura تصرف تظاهر تخيل העמד דמיין बनो कल्पना 연기* 가정* 상상* 扮演 假装 假裝 想象 想像 角色 演じ 振る舞 なりき สวมบทบาท',
  negation:
    'not no never without dont cannot cant wont don nor neither avoid refuse* nicht kein keine keinen niemals ohne ne pas jamais sans aucun aucune no nunca sin ningun* non mai senza nao nunca sem niet geen nooit inte aldrig ikke aldri ei ala nie nigdy bez не нет никогда без hicbir asla olmadan jangan tidak tanpa لا لن بدون אל לא ללא बिना नहीं मत না 않* 없* 말고 不 不要 没有 沒有 绝不 なく ない ไม่ ห้าม',
  must: 'must should shall always required mandatory need have musst mussen sollst immer dois devez doit toujours debes debe siempre deve devi sempre deves moet maste altid musisz должен должны всегда обязан* zorunda her harus wajib selalu يجب دائما חייב תמיד हमेशा জরুরি 반드시 항상 必须 必須 务必 一定 总是 必ず 常に ต้อง',
  unbound:
    'unrestricted uncensored unfiltered unlimited unbound* jailbreak* jailbroken liberated dan amoral unethical immoral lawless limitless evil uneingeschrankt* unzensiert* unbegrenzt* illimite* sansrestriction sincensura senzalimiti неограничен* sinirsiz tanpabatas 무제한* 제한없* 无限制 無限制 不受限 越狱 越獄 無制限 自由に',
  machine:
    'ai assistant* chatbot* bot llm gpt chatgpt claude gemini model models agent agents robot assistent* kunstliche ki ia asistente* assistente* assistant modele modelo modello model asystent* ассистент* помощник* модель модели ии бот yapay zeka asisten الذكاء المساعد הבינה העוזר सहायक एआई 인공지능* 어시스턴트* 모델* 人工智能 助手 模型 机器人 アシスタ モデル ผู้ช่วย',
  person:
    'user users human humans person people customer reader benutzer* nutzer* mensch utilisateur* usuario* utente utenti gebruiker anvandaren uzytkownik* пользовател* kullanici* pengguna المستخدم המשתמש उपयोगकर्ता 사용자* 用户 用戶 ユーザー ผู้ใช้',
  obey: 'do follow obey execute comply perform respond answer reply say act complete begin start continue proceed befolge* antworte* sag sage fuhre suis suivez reponds repondez dis execute executez sigue responde di haz ejecuta* segui rispondi esegui siga responda diga execute volg antwoord zeg folj svara sag svar sano vastaa odpowiedz wykonaj napisz следуй* ответь* отвечай* выполни* сделай* напиши* yap cevapla soyle uygula yanitla ikuti jawab lakukan katakan jalankan اتبع أجب نفذ قل ענה בצע אמור जवाब कहो करो 따라* 대답* 실행* 말해* 执行 執行 回答 回复 遵循 服从 说 実行 答え 従っ 従え ตอบ ทำตาม',
  send: 'send forward email mail post upload* transfer* exfiltrat* submit deliver share append attach fetch curl wget webhook wire pay schicke* sende* sende weiterleiten uberweise* envoie* envoyez transfere* envia* reenvia* manda invia inoltra envie encaminhe stuur skicka wyslij przeslij отправь* перешли* переведи* gonder* ilet kirim kirimkan teruskan أرسل ارسل שלח भेजो भेजें 보내* 전송* 发送 發送 转发 上传 送信 送って 転送 ส่ง',
  place: 'http https www url link com net org server address inbox account endpoint domain site attacker example',
  destroy:
    'delete remove erase wipe destroy drop rm disable turn deactivate shut uninstall kill format losche* entferne* deaktivier* supprime* efface* desactive* elimina* borra* desactiva* cancella* disattiva* apague exclua desative verwijder radera usun skasuj удали* сотри* отключи* sil hapus matikan احذف امسح מחק हटाओ 삭제* 删除 刪除 关闭 禁用 削除 無効 ลบ',
  mode: 'mode modus modo modalita tryb* режим* mod وضع מצב मोड 모드* 模式 モード โหมด jailbreak debug maintenance dev developer sudo override unlock activate enable enabled activated aktiviere* active activa* attiva ative aktivera aktywuj активируй* включи* etkinlestir aktifkan فعل הפעל 활성화* 启用 开启 激活 進入 进入 有効 起動',
  talk: 'conversation message messages context chat dialogue dialog history text words sentence session gesprach* nachricht* verlauf conversa* conversation messages mensaje* messaggi* mensagem* bericht rozmow* wiadomosc* разговор* сообщени* диалог* sohbet mesaj percakapan pesan المحادثة رسالة השיחה बातचीत 대화* 메시지* 对话 對話 消息 会话 会話 メッセー',
  conceal:
    'silently quietly secretly mention telling inform notify notice aware heimlich erwahne secretement mencione* mencionar mention discretely covertly without-telling unbemerkt discretement silencio menzionare скрытно тайно упомина* sessizce diam-diam 몰래* 言及 不要提 不要告',
  alarm:
    'important urgent attention critical warning note notice alert emergency stop wichtig achtung dringend importante urgente atencion attenzione atencao belangrijk viktigt wazne uwaga важно внимание срочно onemli dikkat penting perhatian مهم هام חשוב महत्वपूर्ण 중요* 주의* 긴급* 重要 注意 紧急 緊急 สำคัญ',
  harm: 'bomb bombs explosive* weapon* hack hacking hacker* malware virus ransomware keylogger* phishing exploit* drug drugs meth methamphetamine illegal* crime criminal* kill murder poison suicide racist hate steal fraud counterfeit* terror* porn* sexual* nsfw violen* sprengstoff* waffe* drogen illegal* bombe* armes drogue* bomba* armas drogas ilegal* бомб* оружи* наркотик* взлом* незаконн* bom senjata قنبلة סמים बम 폭탄* 마약* 해킹* 炸弹 毒品 黑客 违法 非法 爆弾 違法 麻薬',
  tool: 'tool tools function functions shell bash terminal script api query database sql file files exec eval sudo command-line powershell run call invoke ausfuhren werkzeug* outil* fonction* herramienta* funcion* strumento ferramenta* narzedzi* инструмент* функци* файл* arac dosya alat berkas أداة ملف קובץ כלי 도구* 파일* 工具 文件 函数 ツール ファイル',
  truth:
    'ethic* moral* morals legal* safe safety harmful inappropriate offensive content openai anthropic google warnings disclaimer* apolog* sorry ethisch* moralisch* sicherheit* ethique* morale securite etica* seguridad moral sicurezza etyczn* bezpieczens* этик* морал* безопасност* etik guvenlik etika keamanan أخلاق אתי 윤리* 안전* 道德 伦理 安全 倫理',
  story:
    'story stories fiction* fictional novel game play scene write writer movie script hypothetical* scenario world geschichte spiel roman histoire jeu fiction historia juego ficcion storia gioco jogo ficcao verhaal spel berattelse opowiadani* gra истори* игра* рассказ* сценари* hikaye oyun cerita permainan قصة لعبة סיפור משחק कहानी खेल 이야기* 게임* 소설* 故事 游戏 遊戲 小说 物語 ゲーム',
  source:
    'document documents page article email summary summarize summarise translate translation attached attachment report review resume website zusammenfass* ubersetz* resume* traduis traduire traduce resumen traduci riassum* traduza resuma vertaal przetlumacz* переведи резюм* перескаж* cevir ozetle terjemahkan ringkas ترجم لخص תרגם अनुवाद 번역* 요약* 翻译 翻譯 总结 摘要 翻訳 要約 แปล สรุป',
  i: 'i im me my mine we our us ich mir mich wir mein meine je moi mon ma mes nous yo mi mis nosotros io mio mia eu meu minha ik mijn jag mig jeg ja mnie moj я мне мой меня мы ben benim biz saya aku أنا אני मैं मुझे 나는 저는 내 我 我的 我们 私 僕 ฉัน ผม',
}

/** Names of the concepts, by number; the first is none. */
export const CONCEPTS: readonly string[] = ['', ...Object.keys(LEXICON)]

/** All words, each with its concept's number. Words that end in a star are stems. */
export function lexiconEntries(): readonly (readonly [word: string, concept: number])[] {
  return Object.values(LEXICON).flatMap((words, at) =>
    words.split(' ').map((word): readonly [string, number] => [word, at + 1]),
  )
}
