"""Which operations of S3 are not built, and which are called by other cases than boto3_s3_cases.py."""

unbuilt = set('''
    CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration DeleteBucketMetadataConfiguration
    DeleteBucketMetadataTableConfiguration GetBucketLifecycle GetBucketMetadataConfiguration GetBucketMetadataTableConfiguration
    GetBucketNotification GetObjectTorrent PutBucketLifecycle PutBucketNotification
    UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration WriteGetObjectResponse
    DeleteObjectAnnotation GetObjectAnnotation ListObjectAnnotations PutObjectAnnotation
    UpdateBucketMetadataAnnotationTableConfiguration
'''.split())

# It is refused to everybody, as at AWS to new customers.
refused = {'SelectObjectContent'}

# By boto3_s3_express_cases.py.
express = {'CreateSession', 'ListDirectoryBuckets', 'RenameObject'}

settings = set('''
    DeleteBucketAnalyticsConfiguration DeleteBucketIntelligentTieringConfiguration DeleteBucketInventoryConfiguration
    DeleteBucketReplication GetBucketAbac GetBucketAnalyticsConfiguration GetBucketIntelligentTieringConfiguration
    GetBucketInventoryConfiguration GetBucketReplication ListBucketAnalyticsConfigurations
    ListBucketIntelligentTieringConfigurations ListBucketInventoryConfigurations PutBucketAbac
    PutBucketAnalyticsConfiguration PutBucketIntelligentTieringConfiguration PutBucketInventoryConfiguration
    PutBucketReplication UpdateObjectEncryption
'''.split())
