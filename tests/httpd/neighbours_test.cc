// SPDX-License-Identifier: Apache-2.0
// The module beside those that take requests for themselves: a call is played whole, with every
// request signed, and gets the same documents and events as without them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/mpm.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// One request of the call, and where it goes below the Location.
struct Part {
  const char* path;
  const char* id;
};
constexpr Part kCall[] = {{"", "A1"},          {"/ring", "R1"},      {"/callback", "E1"},
                          {"/callback", "E5"}, {"/action", "D3"},    {"/action", "D7"},
                          {"/action/", "D7"},  {"/recording", "V1"}, {"/fallback", "F1"},
                          {"/hangup", "H1"}};

// The virtual host of one neighbour: what stands before our Location there, and what behind.
struct Neighbour {
  const char* name;
  const char* before;
  const char* after;
  const char* path = "/dialstatus";    // of the Location, decoded
  const char* handler = "plivo-dial";  // as SetHandler names it
};

std::string in_url(const std::string& path) {
  std::string encoded;
  for (const char c : path) encoded += c == ' ' ? "%20" : std::string(1, c);
  return encoded;
}

// As the same request is sent by GET: some neighbours look at nothing else.
HttpRequest by_get(const HttpRequest& request) {
  return {.path = request.path + (request.path.find('?') == std::string::npos ? "?" : "&") +
                  request.body};
}

// What a call got: status and body of each reply.
using CallReplies = std::vector<std::pair<long, std::string>>;

// Plays a call at `path` of the virtual host `host`; in the documents the path is /PATH.
CallReplies play(const HttpClient& client, const std::string& host, const std::string& path) {
  CallReplies replies;
  // GET behind all of POST: to a cache the latter is a reason to forget.
  for (const bool get : {false, true}) {
    for (const Part& part : kCall) {
      HttpRequest request = fresh_webhook(in_url(path) + part.path, part.id);
      if (get && request.method == "GET") continue;
      if (get) request = by_get(request);
      request = with_header(sign_request(request), "Host: " + host);
      const HttpReply reply = client.send(request);
      std::string body = reply.body;
      for (std::size_t at = body.find(in_url(path)); at != std::string::npos;
           at = body.find(in_url(path), at + 1)) {
        body.replace(at, in_url(path).size(), "/PATH");
      }
      replies.emplace_back(reply.status, body);
    }
  }
  return replies;
}

constexpr Neighbour kNeighbours[] = {
    {"nobody", "", ""},
    {"wordpress", "", ""},  // its .htaccess is in the document root
    {"proxy-before", "ProxyPass / http://127.0.0.1:1/\nProxyPassReverse / http://127.0.0.1:1/\n",
     ""},
    {"proxy-after", "", "ProxyPass / http://127.0.0.1:1/\n"},
    {"proxy-encoded", "ProxyPass \"/\" \"http://127.0.0.1:1/\" mapping=encoded\n", ""},
    {"proxy-encoded-space", "ProxyPass \"/\" \"http://127.0.0.1:1/\" mapping=encoded\n", "",
     "/dial status"},
    {"proxy-servlet", "ProxyPass \"/\" \"http://127.0.0.1:1/\" mapping=servlet\n", ""},
    {"proxy-match", "", "ProxyPassMatch \"^/(.*)$\" \"http://127.0.0.1:1/$1\"\n"},
    {"proxy-location", "<Location \"/\">\nProxyPass http://127.0.0.1:1/\n</Location>\n", ""},
    {"proxy-location-after", "", "<Location \"/\">\nProxyPass http://127.0.0.1:1/\n</Location>\n"},
    {"rewrite-proxy",
     "RewriteEngine On\nRewriteRule \"^\" \"http://127.0.0.1:1%{REQUEST_URI}\" [P]\n", ""},
    {"multiviews", "<Directory \"${ROOT}/htdocs/multiviews\">\nOptions +MultiViews\n</Directory>\n",
     ""},
    {"multiviews-location", "<Location \"/\">\nOptions +MultiViews\n</Location>\n", ""},
    {"directory", "", ""},  // htdocs/directory/dialstatus/ is one, with an index
    {"file", "", ""},       // htdocs/file/dialstatus is one
    {"no-path-info", "AcceptPathInfo Off\n", ""},  // the same
    {"link", "<Directory \"${ROOT}/htdocs/link\">\nOptions -FollowSymLinks\n</Directory>\n", ""},
    {"denied", "<Directory \"${ROOT}/htdocs/denied\">\nRequire all denied\n</Directory>\n", ""},
    {"files-denied", "<FilesMatch \"^dial\">\nRequire all denied\n</FilesMatch>\n", ""},
    {"unreadable", "", ""},  // httpd's user may not enter htdocs/unreadable
    {"missing", "DocumentRoot \"${ROOT}/nowhere\"\n", ""},
    {"redirect", "Redirect permanent / https://www.example.com/\n", ""},
    {"redirect-match", "", "RedirectMatch 302 \"^/(.*)$\" \"https://www.example.com/$1\"\n"},
    {"redirect-location", "",
     "<Location \"/\">\nRedirect 301 https://www.example.com/\n</Location>\n"},
    {"redirect-if", "", "<If \"true\">\nRedirect 301 https://www.example.com/\n</If>\n"},
    {"https",
     "RewriteEngine On\nRewriteCond %{HTTPS} !=on\n"
     "RewriteRule \"^\" \"https://%{HTTP_HOST}%{REQUEST_URI}\" [R=301,L]\n",
     ""},
    {"https-directory",
     "<Directory \"${ROOT}/htdocs\">\nRewriteEngine On\n"
     "RewriteRule \"^\" \"https://%{HTTP_HOST}%{REQUEST_URI}\" [R=301,L]\n"
     "</Directory>\n",
     ""},
    {"https-location", "",
     "<Location \"/\">\nRewriteEngine On\n"
     "RewriteRule \"^\" \"https://%{HTTP_HOST}%{REQUEST_URI}\" [R=301,L]\n"
     "</Location>\n"},
    {"handler-by-rule", "",
     "<Location \"/\">\nRewriteEngine On\n"
     "RewriteRule \"^\" \"-\" [H=server-status]\n</Location>\n"},
    {"rule-without-links",
     "<Location \"/\">\nOptions None\nRewriteEngine On\n"
     "RewriteRule \"^\" \"-\" [F]\n</Location>\n",
     ""},
    {"speling", "CheckSpelling On\n", ""},  // htdocs/speling/dialstatu is a file
    {"speling-location", "<Location \"/\">\nCheckSpelling On\n</Location>\n", ""},
    {"alias", "Alias /dialstatus \"${ROOT}/htdocs/file/dialstatus\"\n", ""},
    {"script-alias", "", "ScriptAliasMatch \"^/dial\" \"${ROOT}/hook/run\"\n"},
    {"vhost-alias", "VirtualDocumentRoot \"${ROOT}/nowhere/%0\"\n", ""},
    {"user-directory", "UserDir \"${ROOT}/nowhere/*\"\n", "", "/~dialstatus"},
    {"fallback", "FallbackResource /index.php\n", ""},
    {"fallback-location", "", "<Location \"/\">\nFallbackResource /index.php\n</Location>\n"},
    {"dav", "<Location \"/\">\nDav On\n</Location>\n", ""},
    {"action",
     "Action plivo-dial \"/nowhere\" virtual\nAction application/xml \"/nowhere\" virtual\n", ""},
    {"add-handler", "AddHandler server-status .cgi\nAddType text/plain .cgi\n", "",
     "/dialstatus.cgi"},
    {"earlier-handler", "<Location \"/\">\nSetHandler server-status\n</Location>\n", ""},
    {"other-case", "", "", "/dialstatus", "Plivo-Dial"},
    {"cache",
     "CacheEnable disk \"/\"\nCacheStoreNoStore On\nCacheIgnoreCacheControl On\n"
     "CacheIgnoreQueryString On\nCacheIgnoreNoLastMod On\nCacheDefaultExpire 600\n",
     ""},
    {"cache-later",
     "CacheQuickHandler Off\nCacheEnable disk \"/\"\nCacheStoreNoStore On\n"
     "CacheIgnoreCacheControl On\nCacheIgnoreQueryString On\n"
     "CacheIgnoreNoLastMod On\nCacheDefaultExpire 600\n",
     ""},
    {"lua",
     "LuaMapHandler \"^/dial\" \"${ROOT}/conf/any.lua\" any\n"
     "LuaQuickHandler \"${ROOT}/conf/any.lua\" any\n"
     "LuaHookTranslateName \"${ROOT}/conf/any.lua\" any early\n",
     ""},
};

const std::vector<std::string> kModules = {
    "rewrite",    "proxy",      "proxy_http", "alias",       "dir",       "negotiation",
    "mime",       "speling",    "userdir",    "vhost_alias", "actions",   "autoindex",
    "cgid",       "dav",        "dav_fs",     "dav_lock",    "cache",     "cache_disk",
    "status",     "setenvif",   "env",        "headers",     "lua",       "access_compat",
    "authz_host", "authn_core", "auth_basic", "authn_file",  "authz_user"};

std::string directives(const Neighbour& neighbour) {
  const std::string location = neighbour.path;
  return std::string("<VirtualHost 127.0.0.1:${PORT}>\nServerName ") + neighbour.name +
         ".example\nDocumentRoot \"${ROOT}/htdocs/" + neighbour.name + "\"\n" + neighbour.before +
         "<Location \"" + location + "\">\nSetHandler " + neighbour.handler +
         "\nPlivoSpeak \"Hello\"\nPlivoDial +14155550100\nPlivoDial +14155550101\n"
         "PlivoVoicemail On\n</Location>\n" +
         neighbour.after + "</VirtualHost>\n";
}

// As WordPress writes it.
constexpr const char* kFrontController = R"(# BEGIN WordPress
<IfModule mod_rewrite.c>
RewriteEngine On
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
RewriteBase /
RewriteRule ^index\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.php [L]
</IfModule>
# END WordPress
)";

// The document roots, each with an index.
void make_sites(ServerRoot& files) {
  const std::string htdocs = files.path() + "/htdocs/";
  for (const Neighbour& neighbour : kNeighbours) {
    std::filesystem::create_directory(htdocs + neighbour.name);
    files.write_file(std::string("htdocs/") + neighbour.name + "/index.php", "the site", 0644);
  }
  files.write_file("htdocs/wordpress/.htaccess", kFrontController, 0644);
  for (const char* site : {"multiviews", "multiviews-location"}) {
    for (const char* type : {"php", "html"}) {
      files.write_file(std::string("htdocs/") + site + "/dialstatus." + type, "the site", 0644);
    }
  }
  std::filesystem::create_directory(htdocs + "directory/dialstatus");
  files.write_file("htdocs/directory/dialstatus/index.html", "the site", 0644);
  files.write_file("htdocs/file/dialstatus", "the site", 0644);
  files.write_file("htdocs/no-path-info/dialstatus", "the site", 0644);
  std::filesystem::create_symlink("../file/dialstatus", htdocs + "link/dialstatus");
  for (const char* site : {"speling", "speling-location"}) {
    files.write_file(std::string("htdocs/") + site + "/dialstatu", "the site", 0644);
  }
  chmod((htdocs + "unreadable").c_str(), 0700);
  files.write_file("conf/any.lua", "function any(r) r:puts('the site') return apache2.OK end\n",
                   0644);
  files.write_file("hook/run", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nthe site'\n",
                   0755);
}

std::string all_sites() {
  std::string text = kAccounts;
  text +=
      "PlivoPublicURL https://pbx.example.com\n"
      "<Directory \"${ROOT}/htdocs\">\nAllowOverride All\nOptions FollowSymLinks\n"
      "</Directory>\nTypesConfig /dev/null\nDavLockDB \"${ROOT}/run/dav\"\n"
      "CacheRoot \"${ROOT}/events/cache\"\nAddType text/html .html .php\n"
      "ScriptSock \"${ROOT}/run/cgid\"\nLogLevel lua:crit\n";
  for (const Neighbour& neighbour : kNeighbours) text += directives(neighbour);
  return text;
}

struct SiteServer : TrustServer {
  SiteServer() : TrustServer({.modules = kModules}) {
    make_sites(httpd.files());
    std::filesystem::create_directory(httpd.root() + "/events/cache");
    std::filesystem::permissions(httpd.root() + "/events/cache", std::filesystem::perms::all);
  }
};

std::size_t requests_of_a_call() {
  std::size_t count = 0;
  for (const Part& part : kCall) count += example(part.id).method == "GET" ? 1 : 2;
  return count;
}

TEST(Neighbours, LeaveACallWhole) {
  SiteServer server;
  server.httpd.allow_log("AH00112");  // a document root that does not exist
  server.httpd.allow_log("PD0105");   // one URL for all of them, to compare their replies
  ASSERT_TRUE(server.start(all_sites()));
  const CallReplies expected = play(server.client(), "nobody.example", "/dialstatus");
  ASSERT_EQ(expected.size(), requests_of_a_call());
  for (const auto& [status, body] : expected) EXPECT_EQ(status, 200) << body;
  EXPECT_THAT(expected[0].second, HasSubstr("https://pbx.example.com/PATH/action"));
  for (const Neighbour& neighbour : kNeighbours) {
    SCOPED_TRACE(neighbour.name);
    EXPECT_EQ(play(server.client(), std::string(neighbour.name) + ".example", neighbour.path),
              expected);
  }
  const std::size_t requests = (std::size(kNeighbours) + 1) * requests_of_a_call();
  EXPECT_EQ(server.events_once_there(requests).size(), requests);
}

// Under each MPM, with no module that could stand in the way but httpd's own core.
class Core : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Core);

TEST_P(Core, LeavesACallWhole) {
  TrustServer server({.mpm = GetParam()});
  std::filesystem::create_directory(server.httpd.root() + "/htdocs/dialstatus");
  server.httpd.files().write_file("htdocs/dialstatus/callback", "the site", 0644);
  ASSERT_TRUE(
      server.start("<Directory />\nRequire all denied\n</Directory>\n" + signed_configuration()));
  for (const auto& [status, body] : play(server.client(), "localhost", "/dialstatus")) {
    EXPECT_EQ(status, 200) << body;
  }
  EXPECT_EQ(server.events_once_there(requests_of_a_call()).size(), requests_of_a_call());
}

// What is not ours stays with whom it belongs to.
TEST(Claim, TakesNothingElse) {
  TrustServer server({.modules = {"proxy", "proxy_http", "alias", "status", "rewrite"}});
  for (const char* line : {"PD0", "AH01", "AH00898", "AH01630"}) server.httpd.allow_log(line);
  ServerRoot& files = server.httpd.files();
  std::filesystem::create_directories(server.httpd.root() + "/htdocs/dialstatus/help");
  files.write_file("htdocs/dialstatus/help/page.txt", "help", 0644);
  files.write_file("htdocs/dialstatus.txt", "beside it", 0644);
  ASSERT_TRUE(server.start(signed_configuration() + R"(
<Location "/dialstatus/help">
SetHandler none
</Location>
<Location "/dialstatus/status">
SetHandler server-status
</Location>
<Location "/other">
PlivoMaxBody 2K
</Location>
Redirect "/other" "https://www.example.com/"
ProxyRequests On
<Proxy "*">
Require all denied
</Proxy>
)"));
  const HttpClient client = server.client();
  EXPECT_EQ(client.get("/dialstatus/help/page.txt").body, "help");
  EXPECT_THAT(client.get("/dialstatus/status?auto").body, HasSubstr("Scoreboard:"));
  EXPECT_EQ(client.get("/dialstatus.txt").body, "beside it");
  EXPECT_EQ(client.get("/other").status, 302);
  // A forward proxy's request for a path of that name on another server.
  const std::string reply = client.exchange(
      "GET http://other.example/dialstatus HTTP/1.1\r\nHost: other.example\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_EQ(status_of(reply), 403) << reply;
  EXPECT_THAT(server.refusals(), IsEmpty());
  // The same in absolute form, for this server.
  EXPECT_THAT(client.exchange("DELETE http://localhost:" + std::to_string(server.httpd.port()) +
                              "/dialstatus HTTP/1.1\r\nHost: localhost\r\n"
                              "Connection: close\r\n\r\n"),
              HasSubstr("Allow: GET, POST"));
  server.expect_good_request();
}

// A rule of the server that leads to our Location, beside a proxy and rules for everything.
TEST(Claim, TakesWhatARuleSendsToUs) {
  TrustServer server({.modules = {"proxy", "proxy_http", "rewrite"}});
  ASSERT_TRUE(server.start(signed_configuration() + R"(
RewriteEngine On
RewriteRule "^/voice(.*)$" "/dialstatus$1" [PT]
ProxyPass "/" "http://127.0.0.1:1/"
<Directory "${ROOT}/htdocs">
Require all denied
</Directory>
)"));
  for (const auto& [status, body] : play(server.client(), "localhost", "/voice")) {
    EXPECT_EQ(status, 200) << body;
  }
  EXPECT_EQ(server.events_once_there(requests_of_a_call()).size(), requests_of_a_call());
}

// The access rules of Locations are the administrator's word about our URL.
TEST(Claim, KeepsAccessRulesOfLocations) {
  TrustServer server({.modules = {"auth_basic", "authn_core", "authn_file", "authz_user",
                                  "authz_host", "allowmethods", "rewrite"}});
  for (const char* line : {"AH01630", "AH01623", "shuts Plivo out", "PD0105"}) {
    server.httpd.allow_log(line);
  }
  server.httpd.files().write_file("conf/users", "", 0644);
  const auto host = [](const std::string& name, const std::string& rules) {
    return "<VirtualHost 127.0.0.1:${PORT}>\nServerName " + name + ".example\n<Location \"/\">\n" +
           rules + "</Location>\n" + answering_location("/dialstatus") + "</VirtualHost>\n";
  };
  ASSERT_TRUE(server.start(
      std::string(kAccounts) + "PlivoPublicURL https://pbx.example.com\n" +
      host("denied", "Require all denied\n") + host("address", "Require ip 192.0.2.1\n") +
      host("password",
           "AuthType Basic\nAuthName x\nAuthUserFile \"${ROOT}/conf/users\"\n"
           "Require valid-user\n") +
      host("methods", "AllowMethods GET\n") + host("granted", "Require all granted\n")));
  const std::pair<const char*, long> expected[] = {
      {"denied", 403}, {"address", 403}, {"password", 401}, {"methods", 405}, {"granted", 200}};
  for (const auto& [name, status] : expected) {
    HttpRequest request = sign_request(fresh_webhook("/dialstatus/callback", "E5"));
    EXPECT_EQ(server.client()
                  .send(with_header(request, "Host: " + std::string(name) + ".example"))
                  .status,
              status)
        << name;
  }
  EXPECT_EQ(server.events().size(), 1U);
}

// A section that names another handler behind ours is the administrator's word, too: it can only
// be warned of.
TEST(Claim, LeavesALaterHandlerItsRequests) {
  TrustServer server({.modules = {"status"}});
  server.httpd.expect_log("overrides SetHandler plivo-dial of <Location \"/dialstatus\">");
  ASSERT_TRUE(server.start(signed_configuration() +
                           "<Location \"/\">\nSetHandler server-status\n</Location>\n"));
  EXPECT_THAT(server.client().get("/dialstatus?auto").body, HasSubstr("Scoreboard:"));
}

}  // namespace
}  // namespace plivo_dial::test
