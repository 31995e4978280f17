// SPDX-License-Identifier: Apache-2.0
// Documents of the administrator's own: what may stand in them, how places are filled, and what
// becomes of a file that changes.
#include "lib/document/document_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "lib/document/document_file.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

std::string filled_with(std::string_view inside,
                        const std::map<std::string, std::string, std::less<>>& values) {
  const auto parsed = DocumentTemplate::parse("<Response>" + std::string(inside) + "</Response>");
  if (!parsed) return "error: " + parsed.error().message;
  const Result<std::string> document = parsed->fill([&](std::string_view name) {
    const auto value = values.find(name);
    return value == values.end() ? std::string_view() : std::string_view(value->second);
  });
  if (!document) return "error: " + document.error().message;
  const std::string before = "<Response>";
  return document->substr(before.size(), document->size() - 2 * before.size() - 1);
}

TEST(DocumentTemplate, FillsPlacesFromTheRequest) {
  EXPECT_EQ(filled_with("<Speak>Call from {{From}} to {{To}}.</Speak>",
                        {{"From", "14155550111"}, {"To", "14155550199"}}),
            "<Speak>Call from 14155550111 to 14155550199.</Speak>");
  EXPECT_EQ(filled_with("<Hangup/>", {}), "<Hangup/>");
  EXPECT_EQ(filled_with("<Speak>Hello {{CallerName}}!</Speak>", {}), "<Speak>Hello !</Speak>");
}

TEST(DocumentTemplate, EscapesForWhereThePlaceStands) {
  const std::map<std::string, std::string, std::less<>> hostile = {
      {"Name", "\"'><Hangup/>&\x01\xff"}};
  EXPECT_EQ(filled_with("<Speak>{{Name}}</Speak>", hostile),
            "<Speak>&quot;&#39;&gt;&lt;Hangup/&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD</Speak>");
  EXPECT_EQ(filled_with("<Dial callerName=\"Sales {{Name}}\"><Number>+14155550111</Number></Dial>",
                        {{"Name", "a\"b"}}),
            "<Dial callerName=\"Sales a&quot;b\"><Number>+14155550111</Number></Dial>");
  EXPECT_EQ(filled_with("<Redirect>https://h.example/x?n={{Name}}&amp;c={{Call}}</Redirect>",
                        {{"Name", "+1 &x/\xC3\xA4"}, {"Call", "a-b_c.d~1"}}),
            "<Redirect>https://h.example/x?n=%2B1%20%26x%2F%C3%A4&amp;c=a-b_c.d~1</Redirect>");
  EXPECT_EQ(filled_with("<Redirect>https://h.example/o'neil?c={{Name}}</Redirect>",
                        {{"Name", "a&b=1 c"}}),
            "<Redirect>https://h.example/o'neil?c=a%26b%3D1%20c</Redirect>");
  EXPECT_EQ(filled_with("<Dial action=\"HTTPS://h.example/?a={{A}}\"><Number>+14155550111</Number>"
                        "</Dial><Speak>{{A}}</Speak>",
                        {{"A", "1&2"}}),
            "<Dial action=\"HTTPS://h.example/?a=1%262\"><Number>+14155550111</Number></Dial>"
            "<Speak>1&amp;2</Speak>");
  EXPECT_EQ(filled_with("<!-- https://h.example/ --><Speak>{{Name}}</Speak>", {{"Name", "a b"}}),
            "<!-- https://h.example/ --><Speak>a b</Speak>");
  EXPECT_EQ(filled_with("<Play>\n https://h.example/{{Name}}.mp3</Play>", {{"Name", "a/../b"}}),
            "<Play>\n https://h.example/a%2F..%2Fb.mp3</Play>");
  EXPECT_EQ(filled_with("<Dial sipHeaders=\"call={{CallUUID|alnum}}\">"
                        "<User>sip:a@h.example</User></Dial>",
                        {{"CallUUID", "3c0f-9d2e,x=y"}}),
            "<Dial sipHeaders=\"call=3c0f9d2exy\"><User>sip:a@h.example</User></Dial>");
}

TEST(DocumentTemplate, SaysWhatIsWrongAndWhere) {
  const struct {
    const char* inside;
    const char* message;
  } rows[] = {
      {"<Speak>{{From</Speak>", "\"{{From</Speak></Response>\" is no place for a parameter"},
      {"<Speak>\n{{}}</Speak>", "line 2: \"{{}}"},
      {"<Speak>{{From To}}</Speak>", "line 1: \"{{From To}}"},
      {"<Speak>{{From|upper}}</Speak>", "write {{From}}, or {{CallUUID|alnum}}"},
      {"\n\n<Speek>{{From}}</Speek>", "line 3: "},
      {"<Dial><Number>{{From}}</Number></Dia>", "line 1"},
      {"<Dial timeout=\"soon\"><Number>{{From}}</Number></Dial>", "timeout"},
      {"<Dial><Number>555</Speak></Dial>", "line 1"},
      {"<Redirect>/{{From}}</Redirect>", "Redirect"},
      {"<!-- {{From}} --><Hangup/>",
       "{{From}} can stand in a text or in the value of an attribute"},
      {"\n<Play><![CDATA[https://h/{{From}}]]></Play>", "line 2: {{From}} can stand"},
      {"<Speak {{From}}>Hi</Speak>", "{{From}} can stand in a text"},
  };
  for (const auto& [inside, message] : rows) {
    EXPECT_THAT(filled_with(inside, {}), HasSubstr(message)) << inside;
  }
  EXPECT_FALSE(DocumentTemplate::parse("<Respons/>"));
}

TEST(DocumentTemplate, HasTheDoubtsOfItsDocument) {
  const auto doubtful = DocumentTemplate::parse("<Response><Hangup/><Speak>Hi</Speak></Response>");
  ASSERT_TRUE(doubtful) << doubtful.error().message;
  ASSERT_FALSE(doubtful->remarks().empty());
  EXPECT_THAT(doubtful->remarks().front(), HasSubstr("line 1"));
}

TEST(DocumentTemplate, IsNeverLargerThanPlivoTakes) {
  const std::string large(kMaxDocumentBytes, 'x');
  EXPECT_THAT(filled_with("<Speak>{{From}}</Speak>", {{"From", large}}),
              HasSubstr("larger than Plivo takes"));
}

class DocumentFileTest : public testing::Test {
 protected:
  DocumentFileTest() {
    char name[] = "/tmp/document-file-XXXXXX";
    directory_ = mkdtemp(name);
    path_ = directory_ + "/answer.xml";
  }
  ~DocumentFileTest() override { std::filesystem::remove_all(directory_); }

  // As people save: beside, then renamed.
  void save(const std::string& inside) {
    std::ofstream(path_ + ".new") << "<Response>" << inside << "</Response>";
    std::filesystem::rename(path_ + ".new", path_);
  }

  std::string served(DocumentFile& file, std::int64_t second) {
    const auto value_of = [](std::string_view) { return std::string_view(); };
    const std::string document = *file.current(second * 1'000'000)->fill(value_of);
    return document.substr(10, document.size() - 21);
  }

  std::string directory_;
  std::string path_;
};

TEST_F(DocumentFileTest, IsTakenAgainASecondAfterItHasChanged) {
  save("<Hangup/>");
  const auto file = DocumentFile::open(path_);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ((*file)->path(), path_);
  EXPECT_EQ(served(**file, 10), "<Hangup/>");
  save("<Speak>Closed</Speak>");
  EXPECT_EQ(served(**file, 10), "<Hangup/>") << "nobody has looked again";
  EXPECT_EQ(served(**file, 11), "<Speak>Closed</Speak>");
}

TEST_F(DocumentFileTest, WithAFaultChangesNothingAndSaysSoOnce) {
  save("<Hangup/>");
  const auto file = DocumentFile::open(path_);
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->new_fault(10'000'000), std::nullopt);
  save("\n<Speek>Closed</Speek>");
  EXPECT_EQ(served(**file, 12), "<Hangup/>");
  const auto fault = (*file)->new_fault(12'000'000);
  ASSERT_TRUE(fault);
  EXPECT_THAT(*fault, testing::AllOf(HasSubstr(path_), HasSubstr("line 2"), HasSubstr("Speak")));
  EXPECT_EQ((*file)->new_fault(14'000'000), std::nullopt);
  std::filesystem::remove(path_);
  EXPECT_EQ(served(**file, 16), "<Hangup/>");
  EXPECT_THAT((*file)->new_fault(16'000'000).value_or(""), HasSubstr("cannot read"));
  save("<Speak>Open</Speak>");
  EXPECT_EQ(served(**file, 18), "<Speak>Open</Speak>");
  EXPECT_EQ((*file)->new_fault(18'000'000), std::nullopt);
}

TEST_F(DocumentFileTest, MustBeThereAndBeAFile) {
  EXPECT_THAT(DocumentFile::open(path_).error().message, HasSubstr("cannot read"));
  EXPECT_THAT(DocumentFile::open(directory_).error().message, HasSubstr("is no file"));
  save("<Speak>" + std::string(kMaxDocumentBytes, 'x') + "</Speak>");
  EXPECT_THAT(DocumentFile::open(path_).error().message, HasSubstr("larger than"));
}

}  // namespace
}  // namespace plivo_dial
