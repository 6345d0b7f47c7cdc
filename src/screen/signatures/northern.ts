import { language, words } from './signature.ts'

/** Signatures in Dutch. */
export const dutch = language('nl', [
  [
    'override',
    0.95,
    'negeer|vergeet|overschrijf|omzeil|veronachtzaam|sla',
    ` (?:(?:alle|al|de|je|jouw|uw|deze|die|mijn|alstublieft|onmiddellijk|nu) ){0,4}(?:vorige|voorgaande|eerdere|bovenstaande|oorspronkelijke|voorafgaande|huidige|bestaande|gegeven) (?:[a-z]{3,14} ){0,1}(?:instructies?|aanwijzingen|opdrachten|regels|richtlijnen|bevelen|prompts?|beperkingen)`,
  ],
  [
    'override',
    0.9,
    'vergeet|negeer',
    ` alles (?:wat|dat) ${words(5)}(?:gezegd|hiervoor|hierboven|verteld|geleerd|eerder|staat)`,
  ],
  [
    'override',
    0.85,
    'negeer|vergeet',
    ` (?:al je|al jouw|al uw|alle|je) (?:instructies|richtlijnen|veiligheidsregels)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'toon|laat|geef|onthul|herhaal|print|vertel|schrijf|deel|kopieer|vertaal|noem',
    ` ${words(5)}(?:systeem-?prompt|system prompt|systeeminstructies|systeembericht|(?:oorspronkelijke|verborgen|geheime|initiële|interne) (?:instructies|prompt|opdrachten))`,
  ],
  [
    'prompt-extraction',
    0.85,
    'wat is|wat zijn|hoe luidt|hoe luiden',
    ` (?:je|jouw|uw) (?:systeem-?prompt|system prompt|systeeminstructies|(?:oorspronkelijke|verborgen|geheime|exacte) (?:instructies|prompt))`,
  ],
  [
    'mode-switch',
    0.9,
    'je bent|jij bent|u bent|doe alsof je|gedraag je als|handel als|speel',
    ` (?:(?:nu|vanaf nu|een|bent|als) ){0,4}(?:dan\\b(?! (?:wel|ook|niet|een|je|de|het|ik|toch|nog|al))|(?:ai|assistent|model) zonder (?:enige |ethische )?(?:beperking|restrict|filter|regel|grens|grenzen)|onbeperkte? (?:ai|assistent)|ongecensureerde? (?:ai|assistent))`,
  ],
  [
    'mode-switch',
    0.9,
    'activeer|schakel|ga naar|ga in|start',
    ` (?:over naar |in )?(?:de )?(?:ontwikkelaars?|beheerders?|admin|debug|jailbreak|god|dan)-?modus`,
  ],
  [
    'mode-switch',
    0.9,
    'schakel|verwijder|omzeil|deactiveer|negeer',
    ` (?:(?:alle|al|je|jouw|uw|de) ){1,3}(?:veiligheids|inhouds|beveiligings|ethische )-?(?:filters?|maatregelen|beperkingen|regels|richtlijnen|protocollen)`,
  ],
  [
    'exfiltration',
    0.85,
    'stuur|verstuur|mail|upload|verzend',
    ` (?:(?:alle|de|het|je|jouw|hele|inhoud|van) ){1,4}(?:wachtwoord(?:en)?|inloggegevens|api-?sleutels?|geheimen|tokens?|gespreksgeschiedenis|gesprek|klantgegevens|persoonsgegevens) ${words(4)}(?:naar|aan) ${words(2)}(?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    'vertel|zeg|informeer|meld',
    ` (?:dit |de |het ){0,2}(?:aan )?(?:de )?gebruikers? (?:niets|niet|hier niets|hierover niets)`,
  ],
])

/** Signatures in Polish. */
export const polish = language('pl', [
  [
    'override',
    0.95,
    'zignoruj|ignoruj|zapomnij o|zapomnij|pomiń|odrzuć|nadpisz|zlekceważ|obejdź|nie przestrzegaj|porzuć',
    ` (?:(?:wszystkie|wszystkich|wszelkie|o|te|swoje|twoje|moje|całkowicie) ){0,4}(?:(?:poprzednie|poprzednich|wcześniejsze|wcześniejszych|powyższe|powyższych|dotychczasowe|dotychczasowych|pierwotne|obecne|systemowe) (?:[a-z]{3,14} ){0,1}(?:instrukcj[eai]|instrukcji|polece(?:nia|ń)|wytyczn(?:e|ych)|zasad[y]?|reguł[y]?|komend[y]?|rozkaz(?:y|ów)|ograniczenia|prompty?)|(?:instrukcje|polecenia|wytyczne|zasady) (?:powyżej|systemowe|które otrzyma))`,
  ],
  [
    'override',
    0.9,
    'zapomnij|zignoruj',
    ` (?:o )?wszystk(?:o|im|iego),? co ${words(4)}(?:powiedzia|wcześniej|napisan|powyżej|poprzednio|nauczy|było)`,
  ],
  [
    'override',
    0.85,
    'zignoruj|ignoruj',
    ` (?:wszystkie|swoje|wszystkie swoje) (?:instrukcje|wytyczne|zasady bezpieczeństwa)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'pokaż|ujawnij|wyświetl|podaj|powtórz|wypisz|zdradź|wydrukuj|napisz|przetłumacz|skopiuj',
    ` ${words(4)}(?:prompt(?:u)? (?:systemow|początkow)|systemow(?:y|ego) prompt|instrukcj[eai]i? (?:systemow|początkow|ukryt|tajn)|(?:ukryte|tajne|początkowe|pierwotne|systemowe) (?:instrukcje|polecenia|wytyczne)|system prompt|wiadomość systemową|polecenie systemowe)`,
  ],
  [
    'prompt-extraction',
    0.85,
    'jaki jest|jakie są|jak brzmi|jak brzmią|jakie były',
    ` (?:twój|twoje|twoja|pański) (?:prompt|system prompt|(?:instrukcje|wytyczne) (?:systemow|początkow|ukryt)|(?:ukryte|tajne|początkowe|systemowe) (?:instrukcje|wytyczne))`,
  ],
  [
    'mode-switch',
    0.9,
    'jesteś|zachowuj się|działaj|udawaj|wciel się',
    ` (?:(?:teraz|od teraz|jako|jak|że|jesteś|w) ){0,4}(?:dan\\b|(?:ai|asystent(?:em)?|model(?:em)?|sztuczną inteligencją|si) bez (?:żadnych )?(?:ogranicze|filtr|zasad|cenzur|reguł)|nieograniczon(?:ą|ym) (?:ai|asystentem))`,
  ],
  [
    'mode-switch',
    0.9,
    'włącz|aktywuj|przejdź w|przełącz się w|uruchom|wejdź w',
    ` tryb (?:deweloper|programist|administrator|admin|debug|jailbreak|boga|dan|bez ogranicze|nieograniczon)`,
  ],
  [
    'mode-switch',
    0.9,
    'wyłącz|usuń|dezaktywuj|obejdź|zdejmij',
    ` (?:(?:wszystkie|swoje|twoje|wszelkie) ){1,2}(?:filtry|ograniczenia|zabezpieczenia|blokady|zasady)(?: (?:bezpieczeństwa|treści|etyczne|moderacji)| i)`,
  ],
  [
    'exfiltration',
    0.85,
    'wyślij|prześlij|przekaż|opublikuj',
    ` (?:(?:wszystkie|całą|swoje|twoje|zawartość) ){0,3}(?:hasła|hasło|dane logowania|klucze? api|klucze prywatne|sekrety|tokeny|historię (?:rozmowy|czatu)|dane (?:osobowe|klientów|poufne)) ${words(4)}(?:na|do) ${words(2)}(?:https?:|[a-z0-9.-]{1,40}@|www\\.|[a-z0-9-]{1,40}\\.[a-z]{2,4}\\b)`,
  ],
  [
    'hidden-order',
    0.85,
    'nie mów|nie informuj|nie wspominaj|nie ujawniaj|bez informowania',
    ` ${words(3)}użytkowni(?:k|ka|kowi|ków)`,
  ],
])

/** Signatures in Turkish; verbs stand last. */
export const turkish = language('tr', [
  [
    'override',
    0.95,
    'önceki|yukarıdaki|daha önceki|bundan önceki|şimdiye kadarki|mevcut|tüm|bütün|sana verilen|verilen',
    ` (?:(?:tüm|bütün|her|önceki|yukarıdaki|mevcut|verilen|sistem) ){0,3}(?:talimat(?:lar)?(?:ı|ını|ları|larını)?|yönerge(?:ler)?(?:i|ini|leri|lerini)?|komut(?:lar)?(?:ı|ları|larını)?|kural(?:lar)?(?:ı|ları|larını)?|emir(?:ler)?i?|kısıtlama(?:lar)?(?:ı|ları|larını)?|söylenen(?:ler)?i?|direktif(?:ler)?i?) (?:tamamen |hemen |şimdi )?(?:yok say|unut|görmezden gel|dikkate alma|göz ardı et|geçersiz|boş ver|iptal et|yoksay|umursama)`,
  ],
  [
    'prompt-extraction',
    0.9,
    'sistem|başlangıç|gizli|ilk|orijinal',
    ` (?:istem|prompt|talimat|mesaj|komut|yönerge)(?:[a-zığüşöç']{0,14}) ${words(3)}(?:göster|yaz|paylaş|açıkla|söyle|ver\\b|tekrarla|yazdır|ifşa et|listele|nedir)`,
  ],
  [
    'mode-switch',
    0.9,
    'artık|şimdi|bundan sonra|sen',
    ` (?:(?:sen|artık|bir|hiçbir|herhangi) ){0,4}(?:dan'?s[ıi]n|(?:kısıtlama|sınır|filtre|sansür|kural)(?:sı[zs]|lama olmayan|sız|siz|süz)(?:[a-zığüşöç]{0,8}) (?:${words(2)})(?:yapay zek|asistan|ai|model))`,
  ],
  [
    'mode-switch',
    0.9,
    'geliştirici|yönetici|admin|hata ayıklama|jailbreak|sınırsız|tanrı',
    ` mod(?:u|unu|una)(?:nu)? (?:etkinleştir|aç|geç|aktif|gir|başlat)`,
  ],
  [
    'mode-switch',
    0.9,
    'güvenlik|içerik|etik',
    ` (?:filtre|kısıtlama|önlem|kural|protokol)(?:lerini|larını|leri|ları|ini|ı) (?:devre dışı|kapat|kaldır|atla|yok say)`,
  ],
  [
    'hidden-order',
    0.85,
    'kullanıcıya|kullanıcıyı',
    ` ${words(3)}(?:söyleme|bildirme|bahsetme|haber verme|bilgilendirme)\\b`,
  ],
])
