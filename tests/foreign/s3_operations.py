"""Which operations of S3 are not built, and which are called by boto3_s3_settings_cases.py alone."""

unbuilt = set('''
    CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration CreateSession DeleteBucketMetadataConfiguration
    DeleteBucketMetadataTableConfiguration GetBucketLifecycle GetBucketMetadataConfiguration GetBucketMetadataTableConfiguration
    GetBucketNotification GetObjectTorrent ListDirectoryBuckets PutBucketLifecycle PutBucketNotification RenameObject
    UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration WriteGetObjectResponse
    DeleteObjectAnnotation GetObjectAnnotation ListObjectAnnotations PutObjectAnnotation
    UpdateBucketMetadataAnnotationTableConfiguration
'''.split())

# It is refused to everybody, as at AWS to new customers.
refused = {'SelectObjectContent'}

settings = set('''
    DeleteBucketAnalyticsConfiguration DeleteBucketIntelligentTieringConfiguration DeleteBucketInventoryConfiguration
    DeleteBucketReplication GetBucketAbac GetBucketAnalyticsConfiguration GetBucketIntelligentTieringConfiguration
    GetBucketInventoryConfiguration GetBucketReplication ListBucketAnalyticsConfigurations
    ListBucketIntelligentTieringConfigurations ListBucketInventoryConfigurations PutBucketAbac
    PutBucketAnalyticsConfiguration PutBucketIntelligentTieringConfiguration PutBucketInventoryConfiguration
    PutBucketReplication UpdateObjectEncryption
'''.split())
