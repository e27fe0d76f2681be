# Makes a fresh Redmine ready for tests: tables, default data, REST switched on, people, a project, custom fields.
# Prints one line of JSON with the API keys by login.
require 'json'

ActiveRecord::Migration.verbose = false
ActiveRecord::Base.connection.migration_context.migrate
[Setting, Role, Tracker, IssueStatus, User, Project, Issue, CustomField, IssueCustomField].each(&:reset_column_information)
Redmine::DefaultData::Loader.load('en')

Setting.rest_api_enabled = '1'
Setting.text_formatting = ENV.fetch('SEED_TEXT_FORMAT') == 'textile' ? 'textile' : 'common_mark'
Setting.attachment_max_size = ENV.fetch('SEED_FILE_KIB')
# Nothing may leave the machine.
Setting.notified_events = []

admin = User.find_by(login: 'admin')
admin.must_change_passwd = false
admin.save!(validate: false)

task = Tracker.new(name: 'Task')
task.default_status = IssueStatus.first
task.save!
task.copy_workflow_rules(Tracker.find_by(name: 'Bug'))

project = Project.new(name: 'Demo', identifier: 'demo', is_public: false)
project.save!
project.enabled_module_names = ['issue_tracking']
project.trackers = Tracker.sorted.to_a

role = Role.givable.find_by(name: 'Manager')
keys = { 'admin' => admin.api_key }
{ 'ada' => 'Ada Byron', 'ben' => 'Ben Nevis', 'dana' => 'Dana Scully' }.each do |login, name|
  first, last = name.split
  user = User.new(firstname: first, lastname: last, mail: "#{login}@example.net")
  user.login = login
  user.password = "password of #{login}"
  user.save!
  Member.create!(project: project, principal: user, roles: [role])
  keys[login] = user.api_key
end

field = lambda do |name, format|
  IssueCustomField.create!(
    name: name, field_format: format, is_for_all: true, is_filter: true, visible: true, trackers: Tracker.all.to_a
  )
end
sync = field.call('Sync', 'bool')
field.call('Sallyport', 'text') if ENV['SEED_MARK_FIELD'] == 'true'

puts JSON.generate(keys: keys, syncField: sync.id)
