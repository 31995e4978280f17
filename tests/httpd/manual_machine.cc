// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/manual_machine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <utility>

namespace plivo_dial::test {
namespace {

constexpr std::string_view kTrust =
    "PlivoPublicURL https://pbx.example.com\n"
    "PlivoAccount main MAXXXXXXXXXXXXXXXXXX file:/etc/apache2/plivo/main.token\n";

constexpr std::string_view kSite =
    "<Directory \"${ROOT}/htdocs\">\nAllowOverride All\nOptions FollowSymLinks\n</Directory>\n"
    "IncludeOptional \"${ROOT}/etc/apache2/mods-enabled/*.load\"\n"
    "IncludeOptional \"${ROOT}/etc/apache2/mods-enabled/*.conf\"\n"
    "IncludeOptional \"${ROOT}/etc/apache2/conf-enabled/*.conf\"\n";

// A reload is over when the new generation serves.
constexpr const char* kApachectl = R"SH(
generations() { grep -c 'resuming normal operations' "$log" || true; }
case $1 in
  configtest) httpd -t ;;
  graceful | restart)
    before=$(generations)
    httpd -k "$1"
    for round in $(seq 600); do
      [ "$(generations)" -gt "$before" ] && exit 0
      sleep 0.1
    done
    exit 1 ;;
  -*) httpd "$@" ;;
  *)
    echo "apachectl $1 is not known here" >&2
    exit 1 ;;
esac
)SH";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> all;
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

void replace_all(std::string& text, const std::string& there, const std::string& here) {
  for (std::size_t at = text.find(there); at != std::string::npos;
       at = text.find(there, at + here.size())) {
    text.replace(at, there.size(), here);
  }
}

// As a word of a shell.
std::string shell_word(const std::string& text) {
  return "'" + text + "'";
}

// As WordPress writes it: what a page shows works beside it.
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

// The page's own commands load the module.
ServerOptions options() {
  ServerOptions options;
  options.load_plivo_dial = false;
  options.modules = {"rewrite"};
  return options;
}

}  // namespace

ManualMachine::ManualMachine(State state)
    : state_(state),
      server_(options()),
      user_(server_.files().user().name),
      syslog_(server_.root() + "/log") {
  make_tree();
  make_commands();
}

void ManualMachine::make_tree() {
  ServerRoot& files = server_.files();
  for (const char* directory :
       {"etc/apache2/mods-available", "etc/apache2/mods-enabled", "etc/apache2/conf-available",
        "etc/apache2/conf-enabled", "etc/apache2/plivo", "usr/local/bin", "var/log/apache2",
        "var/log/plivo-dial", "var/lib/plivo-dial", "bin", "shell", "examples"}) {
    std::filesystem::create_directories(files.path() + "/" + directory);
  }
  for (const char* directory : {"/var/log/plivo-dial", "/var/lib/plivo-dial"}) {
    const std::string path = files.path() + directory;
    if (geteuid() == 0 && chown(path.c_str(), files.user().uid, files.user().gid) != 0) {
      ADD_FAILURE() << "chown " << path;
    }
  }
  std::filesystem::create_symlink("../../../logs/error_log",
                                  files.path() + "/var/log/apache2/error.log");
  for (const char* name : {"main.token", "main-previous.token", "shop.token", "phlo.secret"}) {
    files.write_file(std::string("etc/apache2/plivo/") + name, "a-secret\n", 0600);
  }
  for (const char* name : {"fallback.xml", "agent.xml"}) {
    files.write_file(std::string("etc/apache2/plivo/") + name, "<Response><Hangup/></Response>",
                     0644);
  }
  for (const char* name : {"numbers.txt", "holidays.txt"}) {
    files.write_file(std::string("etc/apache2/plivo/") + name,
                     read_file(std::string(CONF_EXAMPLES_DIR "/") + name), 0644);
  }
  for (const char* name : {"plivo-hook", "plivo-stream", "plivo-missed-mail"}) {
    files.write_file(std::string("usr/local/bin/") + name, "#!/bin/sh\n", 0755);
  }
  files.write_file("token", "a-secret\n", 0600);
  files.write_file("htdocs/.htaccess", kFrontController, 0644);
  files.write_file("htdocs/index.php", "the site", 0644);
  for (const auto& entry : std::filesystem::directory_iterator(CONF_EXAMPLES_DIR)) {
    files.write_file("examples/" + entry.path().filename().string(),
                     in_this_tree(read_file(entry.path())), 0644);
  }
  // What a package installs; the places of spool and dispatcher are compiled into it.
  files.write_file("etc/apache2/mods-available/plivo_dial.load",
                   "LoadModule plivo_dial_module " PLIVO_DIAL_MODULE "\n", 0644);
  // The sink that is there unless a site names others, with a daemon of this tree's.
  files.write_file("etc/apache2/mods-available/plivo_dial.conf",
                   in_this_tree("PlivoSpool /var/lib/plivo-dial\nPlivoDispatcher On\n"
                                "PlivoEventSink syslog syslog:local0 \"socket=${ROOT}/log\"\n"),
                   0644);
  if (state_ == State::kInstalled) return;
  for (const char* name : {"plivo_dial.load", "plivo_dial.conf"}) {
    std::filesystem::create_symlink(std::string("../mods-available/") + name,
                                    files.path() + "/etc/apache2/mods-enabled/" + name);
  }
  if (state_ != State::kServing) return;
  files.write_file("etc/apache2/conf-enabled/forward.conf",
                   in_this_tree(read_file(CONF_EXAMPLES_DIR "/forward.conf")), 0644);
}

void ManualMachine::make_commands() {
  ServerRoot& files = server_.files();
  const auto command = [&](const char* name, const std::string& text) {
    files.write_file(std::string("bin/") + name, "#!/bin/bash\nset -eu\n" + text, 0755);
  };
  const std::string apache = files.path() + "/etc/apache2";
  command("a2enmod",
          "for name; do for kind in load conf; do\n  ln -sf ../mods-available/$name.$kind " +
              apache + "/mods-enabled/\ndone; done\n");
  command("a2enconf", "for name; do\n  test -f " + apache +
                          "/conf-available/$name.conf\n  ln -sf " +
                          "../conf-available/$name.conf " + apache + "/conf-enabled/\ndone\n");
  command("logger", "printf '%s\\n' \"$*\" >> " + files.path() + "/shell/logged\n");
  std::string httpd = "env -i";
  const Command start = server_.files().httpd({});
  for (const std::string& variable : start.environment) httpd += " " + shell_word(variable);
  for (const std::string& argument : start.arguments) httpd += " " + shell_word(argument);
  command("apachectl", "httpd() { " + httpd + " \"$@\"; }\nlog=" + files.path() +
                           "/logs/error_log\n" + kApachectl);
  // The spool's place is compiled into a package's program.
  const std::string spool = " --spool " + files.path() + "/var/lib/plivo-dial ";
  // Never into the machine's own configuration; the token's file is there for other pages.
  const std::string places = " --force --config " + apache +
                             "/conf-available/plivo-calls.conf --token-file " + apache +
                             "/plivo/main.token ";
  const std::string doctor = " --httpd " + files.path() + "/bin/apachectl --url http://127.0.0.1:" +
                             "$(sed -n 's/^Define PORT //p' " + files.path() + "/conf/httpd.conf) ";
  command("plivo-dialctl",
          std::string("dialctl() { exec " PLIVO_DIALCTL_PROGRAM " \"$@\"; }\n") +
              "case \"$1 ${2-}\" in\n" + "  'events dead') dialctl \"${@:1:3}\"" + spool +
              "\"${@:4}\" ;;\n" + "  events*) dialctl \"${@:1:2}\"" + spool +
              "\"${@:3}\" ;;\n  init*) dialctl init" + places +
              "\"${@:2}\" ;;\n  doctor*) dialctl doctor" + doctor +
              "\"${@:2}\" ;;\n  plan* | explain* | urls* | compile*) dialctl \"$1\" --httpd " +
              files.path() +
              "/bin/apachectl \"${@:2}\" ;;\n  'map check'*) dialctl map check --httpd " +
              files.path() + "/bin/apachectl \"${@:3}\" ;;\n  *) dialctl \"$@\" ;;\nesac\n");
}

std::string ManualMachine::in_this_tree(std::string text) const {
  const std::string& root = server_.root();
  for (const char* path : {"/etc/apache2", "/usr/local/bin/plivo-", "/var/log/plivo-dial",
                           "/var/log/apache2", "/var/lib/plivo-dial"}) {
    replace_all(text, path, root + path);
  }
  replace_all(text, "PlivoDispatcher On\n", "PlivoDispatcher On \"${DIALD}\"\n");
  replace_all(text, "PlivoDispatcher External\n",
              "PlivoDispatcher External \"" + root + "/run/dispatcher.json\"\n");
  replace_all(text, "http://127.0.0.1/",
              "http://127.0.0.1:" + std::to_string(server_.port()) + "/");
  // Where it serves, that is the virtual host with a certificate, and its name.
  if (server_.port() != 0) {
    const std::string port = std::to_string(server_.port());
    replace_all(text, "<VirtualHost *:443>", "<VirtualHost *:" + port + ">");
    replace_all(text, "--url https://calls.example.com/",
                "--public-url https://calls.example.com --url http://127.0.0.1:" + port + "/");
  }
  replace_all(text, "cp conf/examples/", "cp " + root + "/examples/");
  replace_all(text, "www-data", user_);
  replace_all(text, "chown -R asterisk:", "chown -R " + user_ + ":");
  return text;
}

CommandResult ManualMachine::configtest(const ManualBlock& block) const {
  ServerOptions options;
  options.modules = words(block.mark("modules"));
  if (!block.mark("env").empty()) options.environment = {block.mark("env")};
  HttpdServer other(options);
  std::string text = block.text;
  if (!has(text, "PlivoAccount") && !has(text, "PlivoPublicURL")) {
    text = std::string(kTrust) + text;
  } else if (!has(text, "PlivoAccount") && has(text, "<Location")) {
    text = std::string(kTrust.substr(kTrust.find('\n') + 1)) + text;
  } else if (!has(text, "PlivoPublicURL") && has(text, "<Location")) {
    text = std::string(kTrust.substr(0, kTrust.find('\n') + 1)) + text;
  }
  if (!has(text, "PlivoSpool ")) text = "PlivoSpool /var/lib/plivo-dial\n" + text;
  if (!has(text, "PlivoDispatcher")) text = "PlivoDispatcher On\n" + text;
  return other.configtest(in_this_tree(text));
}

void ManualMachine::write(const ManualBlock& block) {
  const std::string path = block.mark("file");
  ASSERT_TRUE(path.starts_with("/etc/apache2/")) << path;
  server_.files().write_file(path.substr(1), in_this_tree(block.text), 0644);
}

void ManualMachine::give_spool_to_root() {
  server_.allow_log("PD06");    // the dispatcher's, meanwhile
  server_.allow_log("PD0513");  // of a process that tries the spool at this moment
  EXPECT_EQ(chown((server_.root() + "/var/lib/plivo-dial").c_str(), 0, 0), 0);
}

void ManualMachine::remove_sinks_belongings() {
  for (const auto& entry : std::filesystem::directory_iterator(server_.root() + "/usr/local/bin")) {
    if (entry.path().filename().string().starts_with("plivo-")) {
      std::filesystem::remove(entry.path());
    }
  }
}

bool ManualMachine::start() {
  // A page's own sinks have no syslog daemon here.
  server_.allow_log("PD0611");
  return server_.start(kSite);
}

CommandResult ManualMachine::run_block(const ManualBlock& block) {
  std::string script = block.mark("first") + "\n" + block.text;
  // bash -e takes no offence at "false && true": each part counts for itself here.
  for (const char* both : {" &&\n", " && "}) replace_all(script, both, "\n");
  return run(script);
}

CommandResult ManualMachine::run(const std::string& commands) {
  const std::string& root = server_.root();
  Command command;
  command.arguments = {
      "/bin/bash", "-eu",
      "-o",        "pipefail",
      "-c",        "exec < " + root + "/token; cd " + root + "/shell\n" + in_this_tree(commands)};
  command.environment = {"PATH=" + root + "/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
  return run_command(command);
}

std::string ManualMachine::logged() const {
  return read_file(server_.root() + "/shell/logged");
}

}  // namespace plivo_dial::test
