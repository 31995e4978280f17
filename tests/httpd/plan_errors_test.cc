// SPDX-License-Identifier: Apache-2.0
// Which plans apachectl configtest refuses: each row is a mistake, and the words that must be in
// the message.
#include "tests/httpd/configuration_mistake.h"

namespace plivo_dial::test {
namespace {

class PlanError : public testing::TestWithParam<Mistake> {};

TEST_P(PlanError, IsRefusedWithDirectiveValueAndRemedy) {
  expect_refused(GetParam());
}

// Numbers and targets.
INSTANTIATE_TEST_SUITE_P(
    Targets, PlanError,
    testing::Values(
        Mistake{"NumberWithoutPlus",
                in_location("PlivoDial 14155550111"),
                {"PlivoDial", "\"14155550111\"", "did you mean +14155550111?"}},
        Mistake{"NationalNumber",
                in_location("PlivoDial 4155550111"),
                {"PlivoDial", "\"4155550111\"", "the country code is missing"}},
        Mistake{"NumbersWithComma",
                in_location("PlivoDial +14155550111,+14155550122"),
                {"PlivoDial", "without commas: +14155550111 +14155550122"}},
        Mistake{"NumberWithInvisibleCharacter",
                in_location("PlivoDial \u202A+14155550111\u202C"),
                {"PlivoDial", "U+202A (left-to-right embedding)", "did you mean +14155550111?"}},
        Mistake{"NumberSectionWithInvisibleCharacter",
                in_location("<PlivoNumber +1415\u200B5550199>\nPlivoDial +14155550100\n"
                            "</PlivoNumber>"),
                {"PlivoNumber", "U+200B (zero width space)", "did you mean +14155550199?"}},
        Mistake{"CallerIdWithNoBreakSpace",
                in_location("PlivoDial +14155550100\nPlivoCallerId \"+1\u00A04155550199\""),
                {"PlivoCallerId", "U+00A0 (no-break space)", "did you mean +14155550199?"}},
        Mistake{"NumberAsPrinted",
                in_location("PlivoDial \"+1 (415) 555-0111\""),
                {"PlivoDial", "+1 (415) 555-0111", "did you mean +14155550111?"}},
        Mistake{"InternationalPrefix",
                in_location("PlivoDial 00442079460000"),
                {"PlivoDial", "00442079460000", "did you mean +442079460000?"}},
        Mistake{
            "TooShort", in_location("PlivoDial +123"), {"PlivoDial", "\"+123\"", "7 to 15 digits"}},
        Mistake{"NoTargets",
                in_location("PlivoDial timeout=20"),
                {"PlivoDial", "at least one phone number"}},
        Mistake{
            "NothingAtAll", in_location("PlivoDial"), {"PlivoDial", "at least one phone number"}},
        Mistake{"SipUserWithoutHost",
                in_location("PlivoDial sip:alice"),
                {"PlivoDial", "\"sip:alice\"", "sip:user@host"}},
        Mistake{"SameTargetTwice",
                in_location("PlivoDial +14155550111 +14155550111"),
                {"PlivoDial", "\"+14155550111\"", "twice"}},
        Mistake{"NumberSectionNotE164",
                in_location("<PlivoNumber 4155550199>\nPlivoDial +14155550100\n</PlivoNumber>"),
                {"PlivoNumber", "\"4155550199\"", "the country code is missing"}},
        Mistake{"CallerIdNotE164",
                in_location("PlivoDial +14155550100\nPlivoCallerId 4155550199"),
                {"PlivoCallerId", "\"4155550199\"", "the country code is missing"}},
        Mistake{"CallerIdMistyped",
                in_location("PlivoDial +14155550100\nPlivoCallerId caler"),
                {"PlivoCallerId", "\"caler\"", "did you mean", "caller"}}),
    mistake_name);

// Attributes.
INSTANTIATE_TEST_SUITE_P(
    Attributes, PlanError,
    testing::Values(Mistake{"UnknownAttribute",
                            in_location("PlivoDial +14155550100 timout=20"),
                            {"PlivoDial", "\"timout\"", "did you mean", "timeout"}},
                    Mistake{"AttributeInWrongCase",
                            in_location("PlivoDial +14155550100 callerid=+14155550199"),
                            {"PlivoDial", "\"callerid\"", "did you mean", "callerId"}},
                    Mistake{"UnknownAttributeOfSpeak",
                            in_location("PlivoSpeak \"Hello\" langage=en-US"),
                            {"PlivoSpeak", "\"langage\"", "did you mean", "language"}},
                    Mistake{"UnknownAttributeOfDefault",
                            in_server("PlivoDialDefault timeLimits=60\n"),
                            {"PlivoDialDefault", "\"timeLimits\"", "did you mean", "timeLimit"}},
                    Mistake{"UnknownAttributeOfTarget",
                            in_location("PlivoDial \"+14155550100 sendDigit=12\""),
                            {"PlivoDial", "\"sendDigit\"", "did you mean", "sendDigits"}},
                    Mistake{"TimeoutZero",
                            in_location("PlivoDial +14155550100 timeout=0"),
                            {"PlivoDial", "timeout", "\"0\"", "whole number from 1"}},
                    Mistake{"TimeoutNotANumber",
                            in_location("PlivoDial +14155550100 timeout=20s"),
                            {"PlivoDial", "timeout", "\"20s\"", "whole number"}},
                    Mistake{"MethodUnknown",
                            in_location("PlivoDial +14155550100 method=PUT"),
                            {"PlivoDial", "method", "\"PUT\"", "GET", "POST"}},
                    Mistake{"RedirectNotBoolean",
                            in_location("PlivoDial +14155550100 redirect=yes"),
                            {"PlivoDial", "redirect", "\"yes\"", "true"}},
                    Mistake{"LoopNegative",
                            in_location("PlivoSpeak \"Hello\" loop=-1"),
                            {"PlivoSpeak", "loop", "\"-1\"", "whole number"}},
                    Mistake{"WaitNotANumber",
                            in_location("PlivoWait soon"),
                            {"PlivoWait", "\"soon\"", "whole number"}},
                    Mistake{"VoicemailNeitherOnNorOff",
                            in_location("PlivoVoicemail maybe"),
                            {"PlivoVoicemail", "\"maybe\"", "On or Off"}},
                    Mistake{"VoicemailInALanguageWithoutText",
                            in_location("PlivoVoicemail On language=de-DE"),
                            {"PlivoVoicemail", "\"de-DE\"", "say="}},
                    Mistake{"VoicemailUnknownAttribute",
                            in_location("PlivoVoicemail On maxLenght=90"),
                            {"PlivoVoicemail", "maxLenght", "maxLength"}},
                    Mistake{"LanguageWithoutVoice",
                            in_location("PlivoSpeak Namaste language=hi-IN"),
                            {"PlivoSpeak", "language=\"hi-IN\"", "add voice=Polly.Aditi"}},
                    Mistake{"LanguageUnknown",
                            in_location("PlivoVoicemail On say=Hi language=zz-ZZ voice=Polly.Amy"),
                            {"PlivoVoicemail", "language=\"zz-ZZ\"", "no voice of Plivo's"}},
                    Mistake{"MachineDetectionUnknown",
                            in_location("PlivoDial +14155550100 machineDetection=maybe"),
                            {"PlivoDial", "machineDetection", "one of true, hangup"}},
                    Mistake{"QuotesInsideAnArgument",
                            in_location("PlivoDial +14155550100 timeout=\"20\""),
                            {"PlivoDial", "leave the quotes out: timeout=20"}},
                    Mistake{"QuotesInsideTheFirstArgument",
                            in_location("PlivoDialDefault timeout='20'"),
                            {"PlivoDialDefault", "leave the quotes out: timeout=20"}},
                    Mistake{"BlanksAroundEquals",
                            in_location("PlivoDial +14155550100 timeout = 20"),
                            {"PlivoDial", "write no blanks around '=': timeout=20"}},
                    Mistake{"BlankInCallbackOptions",
                            in_location("PlivoCallbackOptions rc= 3"),
                            {"PlivoCallbackOptions", "write no blanks around '=': rc=3"}},
                    Mistake{"TypographicQuotes",
                            in_location("PlivoSpeak \u201CConnecting your call\u201D"),
                            {"PlivoSpeak", "typographic quote U+201C"}},
                    Mistake{"VoiceWithoutApology",
                            in_location("PlivoVoice language=de-DE"),
                            {"PlivoVoice", "built-in sentences are English", "apology="}},
                    Mistake{"VoiceOfVoicemailWithoutGreeting",
                            in_location("PlivoVoice language=de-DE \"apology=Leider nein\"\n"
                                        "PlivoVoicemail On"),
                            {"PlivoVoicemail", "built-in greeting is English", "greeting="}},
                    Mistake{"VoiceMistyped",
                            in_location("PlivoVoice voise=MAN"),
                            {"PlivoVoice", "\"voise\"", "did you mean \"voice\"?"}},
                    Mistake{"AttributeTwice",
                            in_location("PlivoDial +14155550100 timeout=20 timeout=30"),
                            {"PlivoDial", "\"timeout\"", "twice"}},
                    Mistake{"RelativeAction",
                            in_location("PlivoDial +14155550100 action=/dial/"),
                            {"PlivoDial", "action", "\"/dial/\"", "absolute", "https://"}},
                    Mistake{"RelativeCallback",
                            in_location("PlivoDial +14155550100 callbackUrl=cb.php"),
                            {"PlivoDial", "callbackUrl", "\"cb.php\"", "absolute"}},
                    Mistake{"RelativePlay",
                            in_location("PlivoPlay welcome.mp3"),
                            {"PlivoPlay", "\"welcome.mp3\"", "absolute"}},
                    Mistake{"StrayWordOfSpeak",
                            in_location("PlivoSpeak Connecting your call"),
                            {"PlivoSpeak", "\"your\"", "quotes around the whole argument"}},
                    Mistake{"StrayWordOfAttribute",
                            in_location("PlivoDial +14155550100 callerName=Front desk"),
                            {"PlivoDial", "\"desk\"", "\"callerName=Front desk\"", "quotes"}}),
    mistake_name);

// What follows a dial.
INSTANTIATE_TEST_SUITE_P(
    FollowUps, PlanError,
    testing::Values(
        Mistake{"StatusUnknown",
                in_location("PlivoDial +14155550100\nPlivoOn buzy hangup"),
                {"PlivoOn", "\"buzy\" is no status", "did you mean busy?"}},
        Mistake{"NothingToFollow",
                in_location("PlivoSpeak Hello\nPlivoOn busy hangup"),
                {"PlivoOn: the plan /dialstatus has no PlivoDial", "httpd.conf:"}},
        Mistake{"NothingToFollowInANumber",
                in_location("<PlivoNumber +14155550199>\nPlivoSpeak Hello\nPlivoOn busy hangup\n"
                            "</PlivoNumber>"),
                {"PlivoOn: the plan +14155550199 has no PlivoDial"}},
        Mistake{"VoicemailThatIsNotOn",
                in_location("PlivoDial +14155550100\nPlivoOn busy voicemail"),
                {"PlivoOn", "add PlivoVoicemail On"}},
        Mistake{"RedirectToAnEndpointWithoutDocuments",
                in_location("PlivoDial +14155550100\n"
                            "PlivoOn busy redirect=https://pbx.example.com/dialstatus/callback"),
                {"PlivoOn: redirect=", "whose endpoint there is callback", "cut off"}}),
    mistake_name);

// Menus.
INSTANTIATE_TEST_SUITE_P(
    Menus, PlanError,
    testing::Values(
        Mistake{"NameThatIsNone",
                in_location("<PlivoMenu \"my menu\">\nPlivoSpeak Hi\n</PlivoMenu>"),
                {"PlivoMenu", "\"my menu\" is no name of a menu"}},
        Mistake{"WithoutName", in_location("<PlivoMenu>\n</PlivoMenu>"), {"PlivoMenu"}},
        Mistake{
            "DialInside",
            in_location("<PlivoMenu main>\nPlivoSpeak Hi\nPlivoDial +14155550100\n</PlivoMenu>"),
            {"PlivoDial", "is not allowed in <PlivoMenu>", "httpd.conf:"}},
        Mistake{"KeyOutside",
                in_location("PlivoKey 1 hangup"),
                {"PlivoKey", "belongs in a <PlivoMenu name>"}},
        Mistake{"KeyThatIsNone",
                in_location("<PlivoMenu main>\nPlivoSpeak Hi\nPlivoKey 12 hangup\n</PlivoMenu>"),
                {"PlivoKey", "\"12\" is no key", "several as 1,2"}},
        Mistake{"MenuThatIsMissing",
                in_location("PlivoAnswer menu=mian\n<PlivoMenu main>\nPlivoSpeak Hi\n"
                            "PlivoKey 1 hangup\n</PlivoMenu>"),
                {"PlivoAnswer", "no <PlivoMenu mian>", "did you mean main?"}},
        Mistake{"NoMenuAtAll",
                in_location("PlivoDial +14155550100\nPlivoOn busy menu=main"),
                {"PlivoOn", "has no <PlivoMenu main>; add one"}},
        Mistake{"TwoOfOneName",
                in_location("<PlivoMenu main>\nPlivoSpeak Hi\nPlivoKey 1 hangup\n</PlivoMenu>\n"
                            "<PlivoMenu main>\nPlivoSpeak Hi\nPlivoKey 1 hangup\n</PlivoMenu>"),
                {"PlivoMenu", "the menu main has a section already"}},
        Mistake{"WithoutKey",
                in_location("<PlivoMenu main>\nPlivoSpeak Hi\n</PlivoMenu>"),
                {"PlivoMenu", "the menu main has no key"}},
        Mistake{"WithoutPublicUrl",
                "PlivoSignature Off\n<Location \"/x\">\nSetHandler plivo-dial\nPlivoAnswer menu=m\n"
                "<PlivoMenu m>\nPlivoSpeak Hi\nPlivoKey 1 hangup\n</PlivoMenu>\n</Location>\n",
                {"menu=m", "add PlivoPublicURL"}},
        Mistake{"ConfirmKey",
                in_location("PlivoDial +14155550100\nPlivoConfirm On"),
                {"PlivoConfirm", "\"On\"", "or none for a prompt without a key"}},
        Mistake{"RingbackOfNothing",
                in_location("PlivoDial +14155550100 dialMusic=say="),
                {"PlivoDial", "dialMusic=say=", "the text to be spoken is empty"}},
        Mistake{"RingbackWithParameter",
                in_location("PlivoDial +14155550100 \"dialMusic=say=You are {{From}}\""),
                {"PlivoDial", "dialMusic=", "can stand in callerName and sipHeaders"}},
        Mistake{"RingbackTwice",
                in_location("PlivoDial +14155550100 dialMusic=say=One dialMusic=say=Two"),
                {"PlivoDial", "\"dialMusic\" is given twice"}},
        Mistake{"RingbackUnquoted",
                in_location("PlivoDial +14155550100 dialMusic=say=Please hold"),
                {"PlivoDial", "around the whole argument: \"dialMusic=say=Please hold\""}},
        Mistake{"RingbackUnknown",
                in_location("PlivoDialDefault dialMusic=none\nPlivoDial +14155550100"),
                {"PlivoDialDefault", "dialMusic=\"none\"", "nor say= and a sentence"}},
        Mistake{"RingbackWithoutPublicUrl",
                "PlivoSignature Off\n<Location \"/x\">\nSetHandler plivo-dial\n"
                "PlivoDial +14155550100 dialMusic=say=Hold action=https://h/a "
                "callbackUrl=https://h/c\n</Location>\n",
                {"PlivoDial", "add PlivoPublicURL"}},
        Mistake{"RingUnknown",
                in_location("PlivoDial +14155550100 +14155550101 ring=random1"),
                {"PlivoDial", "\"random1\" is no order of ringing", "did you mean random?"}}),
    mistake_name);

// Whose calls are taken.
INSTANTIATE_TEST_SUITE_P(
    Callers, PlanError,
    testing::Values(
        Mistake{"NoCaller",
                in_location("PlivoDial +14155550100\nPlivoDenyFrom action=busy"),
                {"PlivoDenyFrom", "names no caller"}},
        Mistake{"NumberThatIsNone",
                in_location("PlivoDial +14155550100\nPlivoAllowFrom 4155550111"),
                {"PlivoAllowFrom", "\"4155550111\"", "country code"}},
        Mistake{"ActionThatIsNone",
                in_location("PlivoDial +14155550100\nPlivoDenyFrom anonymous action=bussy"),
                {"PlivoDenyFrom", "did you mean busy?"}},
        Mistake{"VoicemailThatIsOff",
                in_location("PlivoDial +14155550100\nPlivoDenyFrom anonymous action=voicemail"),
                {"action=voicemail", "add PlivoVoicemail On", "httpd.conf:"}}),
    mistake_name);

// Numbers of ours.
INSTANTIATE_TEST_SUITE_P(
    NumberSections, PlanError,
    testing::Values(
        Mistake{"DuplicateNumber",
                in_location("<PlivoNumber +14155550199>\nPlivoDial +14155550100\n</PlivoNumber>\n"
                            "<PlivoNumber +14155550199>\nPlivoDial +14155550101\n</PlivoNumber>"),
                {"PlivoNumber", "\"+14155550199\"", "has a section already", "httpd.conf:"}},
        Mistake{"DuplicateInOneLine",
                in_location("<PlivoNumber +14155550199 +14155550199>\nPlivoDial +14155550100\n"
                            "</PlivoNumber>"),
                {"PlivoNumber", "\"+14155550199\"", "already"}},
        Mistake{"DuplicateDefault",
                in_location("<PlivoNumber default>\nPlivoDial +14155550100\n</PlivoNumber>\n"
                            "<PlivoNumber default>\nPlivoDial +14155550101\n</PlivoNumber>"),
                {"PlivoNumber", "default has a section already"}},
        Mistake{"NoNumber",
                in_location("<PlivoNumber>\nPlivoDial +14155550100\n</PlivoNumber>"),
                {"PlivoNumber", "E.164", "+14155550199"}},
        Mistake{"SetHandlerInside",
                in_location("<PlivoNumber +14155550199>\nSetHandler plivo-dial\n</PlivoNumber>"),
                {"SetHandler", "not allowed in <PlivoNumber>", "<Location>"}},
        Mistake{"RequireInside",
                in_location("<PlivoNumber +14155550199>\nRequire all granted\n</PlivoNumber>"),
                {"Require", "not allowed in <PlivoNumber>", "<Location>"}},
        Mistake{"NestedSection",
                in_location("<PlivoNumber +14155550199>\n<PlivoNumber +14155550198>\n"
                            "</PlivoNumber>\n</PlivoNumber>"),
                {"PlivoNumber", "not allowed in <PlivoNumber>"}},
        Mistake{"MistakeInside",
                in_location("<PlivoNumber +14155550199>\nPlivoDial 4155550100\n</PlivoNumber>"),
                {"PlivoDial", "\"4155550100\"", "the country code is missing"}},
        Mistake{"OutsideLocation",
                std::string(kOpenServer) +
                    "<PlivoNumber +14155550199>\nPlivoDial +14155550100\n</PlivoNumber>\n",
                {"PlivoNumber", "<Location"}}),
    mistake_name);

}  // namespace
}  // namespace plivo_dial::test
